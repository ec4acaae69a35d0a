module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'decision',
  rootDir: __dirname,
};
