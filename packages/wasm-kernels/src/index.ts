export { registerWasmTrainingKernels, WasmBackendMissingError } from './register-wasm-training-kernels';
