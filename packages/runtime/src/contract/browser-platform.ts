import { loadMemoryClip } from '@serial-oe/datasets';
import type { Platform } from './platform';

/** A browser: clips in memory, everything on the calling thread, no files. */
export function createBrowserPlatform(): Platform {
  return {
    loadClip: loadMemoryClip,
    files: null,
    rssBytes: () => null,
    threads: { training: 1, features: 0 },
  };
}
