module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'aggregator', rootDir: __dirname };
