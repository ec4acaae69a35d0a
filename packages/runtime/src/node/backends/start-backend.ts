import { enableRelaxedSimd } from '@serial-oe/wasm-kernels/node';
import { useBackend } from '../../backends/backend';
import { load } from './load-package';
import { loadTfjsNode } from './load-tfjs-node';
import { startWebGpu } from './start-webgpu';

/** Names of `--backend`. */
export const BACKEND_NAMES = ['wasm', 'cpu', 'node', 'webgpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** Loads the backend of that name and makes it the active one. */
export async function startBackend(name: BackendName): Promise<void> {
  switch (name) {
    case 'wasm':
      await load('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'));
      enableRelaxedSimd(); // before the kernels are compiled; without it they are a little slower
      return useBackend('wasm', { caller: 'cli' });
    case 'cpu':
      await load('@tensorflow/tfjs-backend-cpu');
      return useBackend('cpu', { caller: 'cli' });
    case 'node':
      await loadTfjsNode('cli');
      return useBackend('tensorflow', { caller: 'cli' });
    case 'webgpu':
      await startWebGpu();
      return useBackend('webgpu', { caller: 'cli' });
  }
}
