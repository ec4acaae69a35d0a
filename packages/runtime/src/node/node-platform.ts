import { loadClip } from '@serial-oe/datasets/node';
import type { Platform } from '../contract/platform';
import { createFileAccess } from './files/file-access';

/**
 * Node: files, and as many threads as are asked for.
 * @param threads default 1 that trains (the calling one) and 1 that prepares spectrograms
 */
export function createNodePlatform(threads: Partial<Platform['threads']> = {}): Platform {
  return {
    loadClip,
    files: createFileAccess(),
    rssBytes: () => process.memoryUsage.rss(),
    threads: { training: threads.training ?? 1, features: threads.features ?? 1 },
  };
}
