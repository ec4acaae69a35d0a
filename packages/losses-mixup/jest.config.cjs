module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: 'losses-mixup',
  rootDir: __dirname,
};
