const base = require('@serial-oe/tooling/jest.config.base.cjs');
const [transformer] = Object.values(base.transform);

module.exports = {
  ...base,
  displayName: 'wasm-kernels',
  rootDir: __dirname,
  // tfjs-core's register_all_gradients exists as ES modules only; the bundles of tfjs-core stay as they are.
  transform: { ...base.transform, '/@tensorflow/tfjs-core/dist/.+\\.js$': transformer },
  transformIgnorePatterns: ['/node_modules/(?!@tensorflow/tfjs-core/dist/(?!tf-core))'],
};
