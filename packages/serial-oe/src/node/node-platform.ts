import { loadClip } from '@serial-oe/datasets/node';
import { activeThreadBackend, createFileAccess } from '@serial-oe/runtime/node';
import { createInlineFeatureSource } from '../features/feature-source';
import type { Platform } from '../platform';
import { createLocalEngine } from '../training/training-engine';
import { createFeatureWorkers } from './feature-workers';
import { createParallelEngine } from './parallel/parallel-engine';
import { createScoringThreads } from './parallel/scoring-threads';

/** Node: files, worker threads. */
export function createNodePlatform(): Platform {
  return {
    loadClip,
    createFeatureSource: (setup, nThreads) =>
      nThreads === 0 ? createInlineFeatureSource(setup, loadClip) : createFeatureWorkers(setup, nThreads),
    defaultFeatureWorkers: 1,
    checkTrainingThreads: (workers) => {
      if (workers > 1) activeThreadBackend('trainSerialOe');
    },
    createTrainingEngine: async (setup, { workers, ops }) =>
      workers === 1
        ? createLocalEngine(setup, ops)
        : createParallelEngine(setup, {
            nWorkers: workers,
            backend: activeThreadBackend('trainSerialOe'),
            ops,
          }),
    createScoringThreads: (model, nThreads) =>
      createScoringThreads(model, { nThreads, backend: activeThreadBackend('scoreClips') }),
    files: createFileAccess(),
    rssBytes: () => process.memoryUsage.rss(),
  };
}
