module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'runtime',
  rootDir: __dirname,
};
