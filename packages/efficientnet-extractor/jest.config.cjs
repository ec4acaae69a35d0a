module.exports = {
  ...require('../../jest.config.base.cjs'),
  displayName: 'efficientnet-extractor',
  rootDir: __dirname,
};
