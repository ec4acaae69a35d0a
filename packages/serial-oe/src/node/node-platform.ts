import { loadClip } from '@serial-oe/datasets/node';
import { getBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '../errors';
import { createInlineFeatureSource } from '../features/feature-source';
import type { Platform } from '../platform';
import { createLocalEngine, operationsName } from '../training/training-engine';
import { createFeatureWorkers } from './feature-workers';
import { createFileAccess } from './file-access';
import type { ParallelBackend } from './parallel/messages';
import { createParallelEngine } from './parallel/parallel-engine';

/** Node: files, worker threads. */
export function createNodePlatform(): Platform {
  return {
    loadClip,
    createFeatureSource: (setup, nThreads) =>
      nThreads === 0 ? createInlineFeatureSource(setup, loadClip) : createFeatureWorkers(setup, nThreads),
    defaultFeatureWorkers: 1,
    createTrainingEngine: async (setup, { workers, ops }) =>
      workers === 1
        ? createLocalEngine(setup, ops)
        : createParallelEngine(setup, {
            nWorkers: workers,
            backend: parallelBackend(),
            operations: operationsName(ops),
          }),
    files: createFileAccess(),
    rssBytes: () => process.memoryUsage.rss(),
  };
}

/** The active backend, where several threads of a process can have it. */
function parallelBackend(): ParallelBackend {
  const name = getBackend();
  if (name === 'wasm' || name === 'cpu') return name;
  throw new BackendError(
    `serial-oe.trainSerialOe: workers above 1 must run on the backend wasm or cpu, got ${name}. ` +
      'Leave workers out there: the backend has threads or a device of its own.',
  );
}
