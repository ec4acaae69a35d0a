import { parentPort, workerData } from 'node:worker_threads';
import { serveRequests } from '@serial-oe/runtime/node';
import type { FeatureSource } from '../features/feature-source';
import type { FeatureRequest } from './feature-threads';

/**
 * The thread's side of `createFeatureThreads`, called once by the thread's own file.
 * @param open makes the source from the setup that `createFeatureThreads` was given
 */
export function serveFeatureThread<Setup, Plan, Batch extends object, Features extends object>(
  open: (setup: Setup) => FeatureSource<Plan, Batch, Features>,
): void {
  serveRequests<FeatureSource<Plan, Batch, Features>, FeatureRequest<Plan> & { id: number }>(parentPort, {
    start: async () => ({ state: open(workerData as Setup), ready: null }),
    answer: (source, request) =>
      request.kind === 'prepare' ? source.prepare(request.plan) : source.clipFeatures(request.index),
    transfer: (result) => buffersOf(result as object),
  });
}

/** Memory of the arrays in a result, which the thread gives away instead of copying it. */
function buffersOf(result: object): ArrayBuffer[] {
  const buffers = Object.values(result)
    .filter((value) => ArrayBuffer.isView(value))
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer); // shared memory stays where it is
  return [...new Set(buffers)];
}
