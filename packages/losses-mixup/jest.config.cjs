module.exports = {
  ...require('../../jest.config.base.cjs'),
  displayName: 'losses-mixup',
  rootDir: __dirname,
};
