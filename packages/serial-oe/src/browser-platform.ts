import { loadMemoryClip } from '@serial-oe/datasets';
import { createInlineFeatureSource } from './features/feature-source';
import type { Platform } from './platform';
import { createLocalEngine } from './training/training-engine';

/** A browser: clips in memory, everything on the calling thread. */
export function createBrowserPlatform(): Platform {
  return {
    loadClip: loadMemoryClip,
    createFeatureSource: (setup, nThreads) => {
      if (nThreads > 0) {
        throw new RangeError(`serial-oe: featureWorkers must be 0 outside Node, got ${nThreads}.`);
      }
      return createInlineFeatureSource(setup, loadMemoryClip);
    },
    defaultFeatureWorkers: 0,
    checkTrainingThreads: (workers) => {
      if (workers > 1) {
        throw new RangeError(`serial-oe.trainSerialOe: workers must be 1 outside Node, got ${workers}.`);
      }
    },
    createTrainingEngine: async (setup, { ops }) => createLocalEngine(setup, ops),
    createScoringThreads: async (_, nThreads) => {
      throw new RangeError(`serial-oe.scoreClips: workers must be 1 outside Node, got ${nThreads}.`);
    },
    files: null,
    rssBytes: () => null,
  };
}
