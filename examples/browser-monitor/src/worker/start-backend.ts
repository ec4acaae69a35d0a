import '@tensorflow/tfjs-backend-wasm';
import { BackendError, useBackend } from '@serial-oe/serial-oe';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Backend } from './protocol';

/** The folder of the page, of which this script lies in `assets/`. */
const PAGE = new URL('../', globalThis.location.href);

/** @throws BackendError where this browser has no WebGPU, or the backend does not start */
export async function startBackend(backend: Backend): Promise<void> {
  if (backend === 'webgpu') {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
    const adapter = await gpu?.requestAdapter().catch(() => null);
    if (!adapter) throw new NoWebGpuError(gpu === undefined ? 'browser' : 'adapter');
    await import('@tensorflow/tfjs-backend-webgpu');
  } else {
    setWasmPaths(new URL('wasm/', PAGE).href);
  }
  await useBackend(backend);
}

/** The browser has no WebGPU, or the machine no GPU for it. */
export class NoWebGpuError extends BackendError {
  override readonly name = 'NoWebGpuError';
  readonly problem: 'browser' | 'adapter';

  constructor(problem: 'browser' | 'adapter') {
    super(`no WebGPU: ${problem}`);
    this.problem = problem;
  }
}
