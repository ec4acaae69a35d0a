// The kernels, on the memory of the TensorFlow.js WASM backend. All addresses are bytes, all values float32 unless said
// otherwise; nothing is allocated here and nothing written outside the ranges that the arguments name.
export { adamW } from './adamw';
export { makeNorm, normalize, normalizeWithSlope } from './batch-norm';
export {
  finishNormGradient,
  gatherNormGradient,
  gatherScaledGradient,
  normInputGradient,
} from './batch-norm-gradient';
export { finishStatistics, gatherStatistics } from './batch-statistics';
export { convolve } from './convolve';
export { convolveGradient } from './convolve-gradient';
export { depthwise, depthwiseInputGradient } from './depthwise';
export { depthwiseSwish } from './depthwise-swish';
export { depthwiseFilterGradient } from './depthwise-filter-gradient';
export {
  addValues,
  scaleValues,
  sigmoidGradient,
  sigmoidValues,
  swishGradient,
} from './elementwise';
export { maxPoolGradient } from './max-pool-gradient';
export { finishRows, multiply, multiplyBiased } from './multiply';
export { multiplyTransposed } from './multiply-transposed';
export { packLeft, packRight, packRightTransposed } from './pack';
export { addRowProducts, addRows, repeatRow, scaleRows } from './rows';
export { padLines } from './pad-lines';
export { scalePanels } from './scale-panels';
export { turnFilter } from './turn-filter';
export { fold, unfold } from './unfold';
export {
  winogradFilter,
  winogradFilterGradient,
  winogradGradient,
  winogradInput,
  winogradOutput,
} from './winograd';
export { winogradMultiply, winogradMultiplyTransposed } from './winograd-multiply';
export { swishRun as swishValues } from './swish-run';
