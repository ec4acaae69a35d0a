export { WasmBackendMissingError, WasmMemoryError, WasmSimdMissingError } from './errors';
export { createWasmOps, type WasmOpsOptions } from './ops/create-wasm-ops';
export type {
  Activation,
  BatchNormOptions,
  BatchNormStatistics,
  BatchNormTrainingResult,
  SqueezeExciteWeights,
  WasmOps,
} from './ops/wasm-ops';
export { registerWasmTrainingKernels } from './register-wasm-training-kernels';
export type { SimdLevel } from './runtime/simd-support';
