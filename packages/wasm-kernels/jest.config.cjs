module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'wasm-kernels',
  rootDir: __dirname,
};
