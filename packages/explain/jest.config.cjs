module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'explain',
  rootDir: __dirname,
};
