module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'datasets', rootDir: __dirname };
