module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'monitor',
  rootDir: __dirname,
};
