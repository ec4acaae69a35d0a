module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'report', rootDir: __dirname };
