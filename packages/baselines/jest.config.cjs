module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'baselines',
  rootDir: __dirname,
};
