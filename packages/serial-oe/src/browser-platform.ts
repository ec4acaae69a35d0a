import { loadMemoryClip } from './data/memory-clip';
import { createInlineFeatureSource } from './features/feature-source';
import type { Platform } from './platform';

/** A browser: clips in memory, everything on the calling thread. */
export function createBrowserPlatform(): Platform {
  return {
    loadClip: loadMemoryClip,
    createFeatureSource: (setup, nWorkers) => {
      if (nWorkers > 0) {
        throw new RangeError(`serial-oe.trainSerialOe: nWorkers must be 0 outside Node, got ${nWorkers}.`);
      }
      return createInlineFeatureSource(setup, loadMemoryClip);
    },
    defaultWorkers: 0,
    files: null,
    rssBytes: () => null,
  };
}
