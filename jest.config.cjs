module.exports = {
  projects: ['<rootDir>/packages/*/jest.config.cjs', '<rootDir>/tools/jest.config.cjs'],
  testTimeout: 300_000, // jest takes it from here alone when it runs several projects; see tooling/jest.config.base.cjs
};
