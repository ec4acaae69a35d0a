module.exports = { ...require('../../jest.config.base.cjs'), displayName: 'wasm-kernels', rootDir: __dirname };
