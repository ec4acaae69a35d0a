/** Shared by every package: tests from source, internal packages too, in bare Node unless a file asks for jest's own runner. */
const testMatch = {
  unit: ['<rootDir>/test/**/*.test.ts'],
  integration: ['<rootDir>/test/**/*.integration.ts'],
};
const kind = process.env.SERIAL_OE_TESTS ?? 'unit';

module.exports = {
  runner: require.resolve('./light-runner/light-runner.mjs'),
  globalSetup: require.resolve('./compile-before-tests.cjs'),
  testMatch: kind === 'all' ? [...testMatch.unit, ...testMatch.integration] : testMatch[kind],
  // From here on for files that ask for jest's own runner.
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@serial-oe/source', 'node', 'node-addons'] },
  testTimeout: 300_000, // a loaded machine is no failure; a hang is
  transform: {
    '^.+\\.ts$': [
      require.resolve('@swc/jest'),
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
};
