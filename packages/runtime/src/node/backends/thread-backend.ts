import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { enableRelaxedSimd } from '@serial-oe/wasm-kernels/node';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { simdLevelOf } from '../../backends/backend';
import { BackendError } from '../../errors';
import { load } from './load-package';

/** Backends that can live in several threads of a process. */
export type ThreadBackend = 'wasm' | 'cpu';

/**
 * The active backend, where several threads of a process can have it.
 * @throws BackendError for another one; `caller` opens the message
 */
export function activeThreadBackend(caller: string): ThreadBackend {
  const name = getBackend();
  if (name === 'wasm' || name === 'cpu') return name;
  throw new BackendError(
    `serial-oe.${caller}: workers above 1 must run on the backend wasm or cpu, got ${name}. ` +
      'Leave workers out there: the backend has threads or a device of its own.',
  );
}

/**
 * Loads the backend in this thread and makes it the active one.
 *
 * @param operations name of the extractor's operations in the main thread
 * @returns the same operations in this thread; undefined for pure tfjs
 */
export async function startThreadBackend(
  name: ThreadBackend,
  operations: string,
): Promise<ExtractorOps | undefined> {
  if (name === 'cpu') {
    await load('@tensorflow/tfjs-backend-cpu');
  } else {
    await import('@tensorflow/tfjs-backend-wasm');
  }
  await setBackend(name);
  const simdLevel = name === 'wasm' ? simdLevelOf(operations) : undefined;
  if (simdLevel === undefined) return undefined;
  if (simdLevel === 'relaxed-simd') enableRelaxedSimd();
  return createWasmOps({ simdLevel });
}
