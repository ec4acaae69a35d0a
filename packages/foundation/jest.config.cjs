module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'foundation', rootDir: __dirname };
