module.exports = {
  ...require('../../jest.config.base.cjs'),
  displayName: 'audio-features',
  rootDir: __dirname,
};
