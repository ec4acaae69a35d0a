module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'serial-oe', rootDir: __dirname };
