module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'safetensors',
  rootDir: __dirname,
};
