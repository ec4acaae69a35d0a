module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'report',
  rootDir: __dirname,
};
