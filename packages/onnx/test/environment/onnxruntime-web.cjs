module.exports = globalThis.nativeRuntimes['onnxruntime-web'];
