module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'evaluation',
  rootDir: __dirname,
};
