// jest runs tests in a context of its own, where onnxruntime-web cannot import its WebAssembly and onnxruntime-node does not know
// the context's Float32Array. Here, outside, both load as they do for a user; tests get them and the typed arrays that they know.
const { TestEnvironment } = require('jest-environment-node');

class NativeRuntimes extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { Float32Array, Uint8Array, BigInt64Array, nativeRuntimes: {} });
    for (const name of ['onnxruntime-node', 'onnxruntime-web']) {
      const module = await import(name).catch((error) => {
        if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      });
      if (module) this.global.nativeRuntimes[name] = module;
    }
  }
}

module.exports = NativeRuntimes;
