module.exports = {
  ...require('../../jest.config.base.cjs'),
  displayName: 'audio-features',
  rootDir: __dirname,
  globalSetup: '<rootDir>/scripts/compile-before-tests.cjs',
};
