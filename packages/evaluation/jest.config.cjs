module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'evaluation', rootDir: __dirname };
