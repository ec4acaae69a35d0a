import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '../../errors';
import { importOptional, load } from '../load-package';

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

/** Loads the backend in this thread and makes it the active one. */
export async function startThreadBackend(name: ThreadBackend): Promise<void> {
  if (name === 'cpu') {
    await load('@tensorflow/tfjs-backend-cpu', () => importOptional('@tensorflow/tfjs-backend-cpu'));
  } else {
    await import('@tensorflow/tfjs-backend-wasm');
  }
  await setBackend(name);
}
