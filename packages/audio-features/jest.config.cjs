module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'audio-features',
  rootDir: __dirname,
};
