module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'serial-oe',
  rootDir: __dirname,
};
