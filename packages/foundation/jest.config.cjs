module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'foundation',
  rootDir: __dirname,
};
