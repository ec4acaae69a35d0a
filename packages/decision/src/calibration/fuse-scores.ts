import { checkNumber, checkOneOf } from '@serial-oe/foundation';

/** Ways to make one score of several. */
export const FUSIONS = ['mean', 'max', 'min'] as const;
export type Fusion = (typeof FUSIONS)[number];

const NUMBER = { isValid: (score: number) => !Number.isNaN(score), rule: 'be a number' };

/**
 * One anomaly score of one clip out of those of several systems.
 *
 * @param scores `[nSystems]`, calibrated, so that they compare: z-scores or percentiles. 'mean' lets the systems outvote each
 *   other, 'max' is anomalous where one of them says so, 'min' where all do.
 * @throws RangeError for no score or NaN; TypeError for another kind
 */
export function fuseScores(scores: ArrayLike<number>, fusion: Fusion): number {
  const where = 'decision.fuseScores';
  checkOneOf(`${where}: fusion`, fusion, FUSIONS);
  if (!(scores?.length > 0)) throw new RangeError(`${where}: scores must hold at least one score, got none.`);
  const all = Array.from(scores, (score, i) => checkNumber(`${where}: scores[${i}]`, score, NUMBER));
  if (fusion === 'max') return Math.max(...all);
  if (fusion === 'min') return Math.min(...all);
  return all.reduce((sum, score) => sum + score, 0) / all.length;
}
