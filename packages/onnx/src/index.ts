export { type ExportOnnxOptions, exportOnnx } from './export-onnx';
export type { OnnxBlock, OnnxConvolution, OnnxLinear, OnnxNetwork, OnnxWeight } from './network';
export { createOnnxExtractor, type OnnxExtractor, type OnnxExtractorOptions } from './onnx-extractor';
export {
  loadOnnxRuntime,
  type OnnxRuntime,
  OnnxRuntimeError,
  type OnnxSession,
  type OnnxTensor,
  type OnnxValueMetadata,
} from './runtime';
export { ONNX_RUNTIME_NAMES, type OnnxRuntimeName } from './runtime-names';
export type { OnnxWeightType } from './tensors';
