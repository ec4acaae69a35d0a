export type { Padding } from './convolution/image-geometry';
export {
  type AdamWUpdateInput,
  type AdamWUpdateOutput,
  createWasmAdamWUpdate,
} from './create-wasm-adamw-update';
export { WasmBackendMissingError, WasmMemoryError, WasmSimdMissingError } from './errors';
export { registerWasmTrainingKernels } from './gradient-kernels/register-wasm-training-kernels';
export type {
  FoldedBlock,
  FoldedConvolution,
  FoldedNetwork,
  PreparedNetwork,
} from './inference/folded-network';
export { createWasmOps } from './ops/create-wasm-ops';
export type { SqueezeExciteWeights } from './ops/squeeze-excite-weights';
export type {
  Activation,
  BatchNormOptions,
  BatchNormParameters,
  BatchNormStatistics,
  BatchNormTrainingResult,
  ConvolutionOptions,
  DepthwiseOptions,
  WasmOps,
} from './ops/wasm-ops';
export type { SimdOptions } from './runtime/create-runtime';
export type { SimdLevel } from './runtime/simd-support';
export { MAX_WASM_HEAP_BYTES, wasmHeapBytes } from './runtime/wasm-backend';
