module.exports = require('./tooling/jest.config.base.cjs');
