module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'aggregator',
  rootDir: __dirname,
};
