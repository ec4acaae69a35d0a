export {
  parseSafetensors,
  type SafetensorsDtype,
  SafetensorsError,
  SafetensorsMap,
  type SafetensorsProblem,
  type SafetensorsTensor,
  type SerializeSafetensorsOptions,
  serializeSafetensors,
  type WeightArray,
  type WeightMap,
  type WritableDtype,
} from '@serial-oe/safetensors';
export type { StageOutputs } from './backbone';
export { backboneChecksum } from './backbone-checksum';
export { WeightMismatchError } from './check-weights';
export { type ExportBackboneOptions, exportBackbone } from './export-backbone';
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
  BatchNormParameters,
  BatchNormStatistics,
  BatchNormTrainingResult,
  ConvolutionOptions,
  DepthwiseOptions,
  ExtractorOps,
  FoldedBlock,
  FoldedConvolution,
  FoldedNetwork,
  Padding,
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
export {
  countMultiplyAccumulates,
  countParameters,
  type LayerKind,
  type LayerShape,
  layerShapes,
} from './layer-shapes';
export { loadPretrained, type PretrainedReport } from './load-pretrained';
export { PretrainedError, type PretrainedProblem } from './pretrained-error';
export { type PretrainedWeights, readPretrained } from './read-pretrained';
export { createTfOps } from './tf-ops/create-tf-ops';
