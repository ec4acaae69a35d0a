import { loadClip } from '@serial-oe/datasets/node';
import { COUNT, checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import type { Platform } from '../contract/platform';
import { createFileAccess } from './files/file-access';

const THREADS: OptionNames<Platform['threads']> = { training: true, features: true };

/**
 * Node: files, and as many threads as are asked for.
 * @throws TypeError or RangeError for threads
 * @param threads default 1 that trains (the calling one) and 1 that prepares spectrograms
 */
export function createNodePlatform(threads: Partial<Platform['threads']> = {}): Platform {
  const where = 'runtime.createNodePlatform';
  checkOptions(where, threads, THREADS);
  const { training = 1, features = 1 } = threads;
  return {
    loadClip,
    files: createFileAccess(),
    rssBytes: () => process.memoryUsage.rss(),
    threads: {
      training: checkNumber(`${where}: training`, training, POSITIVE_COUNT),
      features: checkNumber(`${where}: features`, features, COUNT),
    },
  };
}
