/** The packages that can run the file. */
export const ONNX_RUNTIME_NAMES = ['onnxruntime-node', 'onnxruntime-web'] as const;
export type OnnxRuntimeName = (typeof ONNX_RUNTIME_NAMES)[number];
