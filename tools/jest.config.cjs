module.exports = { ...require('../jest.config.base.cjs'), displayName: 'repository', rootDir: __dirname };
