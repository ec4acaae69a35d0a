import { checkNumber, quantile, RATE } from '@serial-oe/foundation';
import { checkScore } from './check';

/**
 * The threshold that a share of `falseAlarmRate` of the given normal clips exceeds: the quantile 1 - falseAlarmRate of
 * their scores, linear between order statistics as NumPy's `quantile`. It needs no anomaly, so that it can be set
 * before the first fault; with few clips it is a rough estimate.
 *
 * @param scores `[nClips]`, finite anomaly scores of normal clips that the detector has not been fitted on.
 * @param falseAlarmRate in [0, 1); 0 gives the highest score.
 * @returns the threshold; a clip is called anomalous where its score is above it.
 * @throws RangeError for no score, a score that is not finite, or a rate outside [0, 1); TypeError for other
 *   kinds.
 */
export function thresholdFromNormals(scores: ArrayLike<number>, falseAlarmRate: number): number {
  const caller = 'evaluation.thresholdFromNormals';
  checkNumber(`${caller}: falseAlarmRate`, falseAlarmRate, RATE);
  if (!(scores?.length > 0)) {
    throw new RangeError(
      `${caller}: scores must hold at least one score, got none. Score some normal clips.`,
    );
  }
  const sorted = Float64Array.from(scores, (score, i) => checkScore(score, `${caller}: scores[${i}]`)).sort();
  return quantile(sorted, 1 - falseAlarmRate);
}
