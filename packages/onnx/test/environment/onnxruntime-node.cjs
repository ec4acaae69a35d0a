module.exports = globalThis.nativeRuntimes['onnxruntime-node'];
