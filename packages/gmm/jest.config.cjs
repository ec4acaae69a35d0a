module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'gmm',
  rootDir: __dirname,
};
