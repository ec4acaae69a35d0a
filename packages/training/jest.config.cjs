module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'training',
  rootDir: __dirname,
};
