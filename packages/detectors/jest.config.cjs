module.exports = {
  ...require('../../jest.config.base.cjs'),
  displayName: 'detectors',
  rootDir: __dirname,
  globalSetup: '<rootDir>/scripts/compile-before-tests.cjs',
};
