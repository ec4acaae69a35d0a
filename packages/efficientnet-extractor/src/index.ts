export type { StageOutputs } from './backbone';
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
  SqueezeExciteWeights,
} from './extractor-ops';
export { type FusedExtractor, fuseForInference } from './fuse-for-inference';
export { loadPretrained, type PretrainedReport } from './load-pretrained';
export {
  parseSafetensors,
  SafetensorsError,
  SafetensorsMap,
  type SafetensorsProblem,
  type SafetensorsTensor,
  serializeSafetensors,
} from './safetensors';
export type { SafetensorsDtype } from './safetensors-dtype';
export { createTfOps } from './tf-ops/create-tf-ops';
export { type WeightArray, type WeightMap, WeightMismatchError } from './weights';
