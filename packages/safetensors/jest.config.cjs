module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'safetensors', rootDir: __dirname };
