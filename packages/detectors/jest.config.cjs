module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'detectors',
  rootDir: __dirname,
};
