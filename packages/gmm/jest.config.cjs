module.exports = {
  ...require('../../jest.config.base.cjs'),
  displayName: 'gmm',
  rootDir: __dirname,
  globalSetup: '<rootDir>/scripts/compile-before-tests.cjs',
};
