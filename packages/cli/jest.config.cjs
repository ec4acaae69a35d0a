module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'cli',
  rootDir: __dirname,
};
