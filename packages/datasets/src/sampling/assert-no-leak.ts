import { nameSome } from '@serial-oe/foundation';
import type { Clip } from '../clip';
import { DataLeakError } from '../errors';

const N_NAMED = 3;

/**
 * Throws a DataLeakError where a clip stands in both lists, by path.
 *
 * @param trainClips everything that training sees, known anomalies and contaminants included
 * @param testClips everything that is evaluated
 */
export function assertNoLeak(
  trainClips: readonly Pick<Clip, 'path'>[],
  testClips: readonly Pick<Clip, 'path'>[],
): void {
  const trained = new Set(trainClips.map((clip) => clip.path));
  const paths = [...new Set(testClips.map((clip) => clip.path))].filter((path) => trained.has(path));
  if (paths.length === 0) return;
  throw new DataLeakError(
    `datasets.assertNoLeak: trainClips and testClips must have no clip in common, got ${paths.length}: ${nameSome(paths, { limit: N_NAMED })}.`,
    paths,
  );
}
