module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  runner: 'jest-runner',
  displayName: 'repository',
  rootDir: __dirname,
};
