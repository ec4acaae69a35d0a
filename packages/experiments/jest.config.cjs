module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'experiments',
  rootDir: __dirname,
};
