module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'repository',
  rootDir: __dirname,
};
