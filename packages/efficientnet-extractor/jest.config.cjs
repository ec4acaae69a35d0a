module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'efficientnet-extractor',
  rootDir: __dirname,
};
