/** Shared by every package: TypeScript through swc, CommonJS inside jest, internal packages from their source. */
const testMatch = {
  unit: ['<rootDir>/test/**/*.test.ts'],
  integration: ['<rootDir>/test/**/*.integration.ts'],
};
const kind = process.env.SERIAL_OE_TESTS ?? 'unit';

module.exports = {
  globalSetup: require.resolve('./compile-before-tests.cjs'),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@serial-oe/source', 'node', 'node-addons'] },
  testTimeout: 300_000, // a loaded machine is no failure; a hang is
  testMatch: kind === 'all' ? [...testMatch.unit, ...testMatch.integration] : testMatch[kind],
  transform: {
    '^.+\\.ts$': [
      require.resolve('@swc/jest'),
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
};
