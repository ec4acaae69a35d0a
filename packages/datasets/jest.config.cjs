module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'datasets',
  rootDir: __dirname,
};
