export type { StageOutputs } from './backbone';
export { backboneChecksum } from './backbone-checksum';
export {
  createExtractor,
  type Extractor,
  type ExtractorConfig,
  type ExtractorOptions,
  type ExtractorOutput,
  type ForwardOptions,
} from './extractor';
export type {
  Activation,
  BatchNormOptions,
  BatchNormStatistics,
  BatchNormTrainingResult,
  ExtractorOps,
  FoldedBlock,
  FoldedConvolution,
  FoldedNetwork,
  PreparedNetwork,
  SqueezeExciteWeights,
} from './extractor-ops';
export { type FusedExtractor, fuseForInference } from './fuse-for-inference';
export {
  type ImportedPretrained,
  type ImportPretrainedOptions,
  importPretrained,
  inspectPretrained,
  type PretrainedSummary,
} from './import-pretrained';
export {
  type InferenceBlock,
  type InferenceConvolution,
  type InferenceLinear,
  type InferenceNetwork,
  type InferenceNetworkOptions,
  inferenceNetwork,
} from './inference-network';
export { countParameters, type LayerKind, type LayerShape, layerShapes } from './layer-shapes';
export { loadPretrained, type PretrainedReport } from './load-pretrained';
export { PretrainedError, type PretrainedProblem } from './pretrained-error';
export { type PretrainedWeights, readPretrained } from './read-pretrained';
export {
  parseSafetensors,
  SafetensorsError,
  SafetensorsMap,
  type SafetensorsProblem,
  type SafetensorsTensor,
} from './safetensors';
export type { SafetensorsDtype, WritableDtype } from './safetensors-dtype';
export { type SerializeSafetensorsOptions, serializeSafetensors } from './serialize-safetensors';
export { createTfOps } from './tf-ops/create-tf-ops';
export { type WeightArray, type WeightMap, WeightMismatchError } from './weights';
