module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  runner: 'jest-runner',
  displayName: 'serial-oe',
  rootDir: __dirname,
};
