import { loadClip } from '@serial-oe/datasets/node';
import { createInlineFeatureSource } from '../features/feature-source';
import type { Platform } from '../platform';
import { createFeatureWorkers } from './feature-workers';
import { createFileAccess } from './file-access';

/** Node: files, worker threads. */
export function createNodePlatform(): Platform {
  return {
    loadClip,
    createFeatureSource: (setup, nWorkers) =>
      nWorkers === 0 ? createInlineFeatureSource(setup, loadClip) : createFeatureWorkers(setup, nWorkers),
    defaultWorkers: 1,
    files: createFileAccess(),
    rssBytes: () => process.memoryUsage.rss(),
  };
}
