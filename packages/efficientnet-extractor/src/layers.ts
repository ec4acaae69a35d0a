// What layers are made of, for other networks: variables by name, operations with gradients of their own, reductions that are
// fast on every backend.

export { WeightMismatchError } from './check-weights';
export type {
  Activation,
  BatchNormOptions,
  BatchNormParameters,
  BatchNormStatistics,
  ConvolutionOptions,
  DepthwiseOptions,
  ExtractorOps,
  Padding,
} from './extractor-ops';
export type { Initializer, ParameterSpec } from './parameters';
export { type BatchToJoin, batchNormVariables, updateRunningStatistics } from './running-statistics';
export { createTfOps } from './tf-ops/create-tf-ops';
export { createDifferentiable, type Differentiable, type Forward } from './tf-ops/differentiable';
export {
  asRows,
  channelSums,
  matMulTransposedLeft,
  matMulTransposedRight,
  spatialMean,
  spatialSum,
} from './tf-ops/reductions';
export { VariableStore, type VariableStoreOptions } from './variable-store';
