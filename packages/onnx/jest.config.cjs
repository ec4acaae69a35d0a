module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  runner: 'jest-runner',
  displayName: 'onnx',
  rootDir: __dirname,
  testEnvironment: require.resolve('./test/environment/native-runtimes.cjs'),
  moduleNameMapper: { '^(onnxruntime-(?:node|web))$': '<rootDir>/test/environment/$1.cjs' },
};
