/** Thrown when `@tensorflow/tfjs-backend-wasm` has not been imported, or is not the active backend. */
export class WasmBackendMissingError extends Error {
  override readonly name = 'WasmBackendMissingError';
}

/** Thrown by `createWasmOps` where its kernels cannot run; the pure tfjs operations of the extractor still can. */
export class WasmSimdMissingError extends Error {
  override readonly name = 'WasmSimdMissingError';
}

/** Thrown when the memory of the WASM backend (4 GB at most) is used up. */
export class WasmMemoryError extends Error {
  override readonly name = 'WasmMemoryError';
}
