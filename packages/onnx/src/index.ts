export { type ExportOnnxOptions, exportOnnx } from './export-onnx';
export type { OnnxBlock, OnnxConvolution, OnnxLinear, OnnxNetwork, OnnxWeight } from './network';
export { createOnnxExtractor, type OnnxExtractor, type OnnxExtractorOptions } from './onnx-extractor';
export {
  loadOnnxRuntime,
  ONNX_RUNTIME_NAMES,
  type OnnxRuntime,
  OnnxRuntimeError,
  type OnnxRuntimeName,
  type OnnxSession,
  type OnnxTensor,
  type OnnxValueMetadata,
} from './runtime';
export type { OnnxWeightType } from './tensors';
