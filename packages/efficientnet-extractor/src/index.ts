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
export { createTfOps } from './tf-ops/create-tf-ops';
export { type WeightArray, type WeightMap, WeightMismatchError } from './weights';
