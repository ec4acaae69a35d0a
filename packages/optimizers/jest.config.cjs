module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'optimizers',
  rootDir: __dirname,
};
