import '@tensorflow/tfjs-backend-wasm';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { enableRelaxedSimd } from '@serial-oe/wasm-kernels/node';
import { setBackend } from '@tensorflow/tfjs-core';

/** Makes WASM the active backend, as fast as this Node can run it, and resolves with the extractor's operations on it. */
export async function startWasm() {
  enableRelaxedSimd();
  await setBackend('wasm');
  return createWasmOps();
}
