import { loadMemoryClip } from '@serial-oe/datasets';
import { createBrowserPlatform } from '@serial-oe/runtime';
import { createLocalEngine } from '@serial-oe/training';
import { createInlineSource } from './features/spectrogram-source';
import type { Platform } from './platform';
import { createOutlierExposure } from './training/outlier-exposure';

/** A browser: clips in memory, everything on the calling thread. */
export function createPlatform(): Platform {
  return {
    ...createBrowserPlatform(),
    createSpectrogramSource: (setup, nThreads) => {
      if (nThreads > 0) {
        throw new RangeError(`serial-oe: featureWorkers must be 0 outside Node, got ${nThreads}.`);
      }
      return createInlineSource(setup, loadMemoryClip);
    },
    checkTrainingThreads: (workers) => {
      if (workers > 1) {
        throw new RangeError(`serial-oe.trainSerialOe: workers must be 1 outside Node, got ${workers}.`);
      }
    },
    createTrainingEngine: async (setup, { ops, microBatchSize }) =>
      createLocalEngine(await createOutlierExposure(setup, ops), { microBatchSize }),
    createScoringThreads: async (_, nThreads) => {
      throw new RangeError(`serial-oe.scoreClips: workers must be 1 outside Node, got ${nThreads}.`);
    },
  };
}
