module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'optimizers', rootDir: __dirname };
