import { checkMaxFpr } from './check';
import type { Label } from './label';
import { rocCurve } from './roc-curve';

/** A decision threshold and the rates that it has on the data it was chosen on. */
export interface OperatingPoint {
  /** A clip is called anomalous where `score >= threshold`; Infinity where even the top score has too high a rate. */
  threshold: number;
  fpr: number;
  tpr: number;
}

/**
 * The lowest threshold (most anomalies found) whose false-positive rate is at most `maxFpr`, 0 < maxFpr <= 1.
 *
 * @param labels `[nClips]`, 1 or `'anomaly'` for anomalies, 0 or `'normal'` for normal clips; both must occur.
 * @param scores `[nClips]`, finite anomaly scores, higher is more anomalous.
 * @throws as {@link rocCurve}, and RangeError for maxFpr outside (0, 1].
 */
export function thresholdAtFpr(
  labels: ArrayLike<Label>,
  scores: ArrayLike<number>,
  maxFpr: number,
): OperatingPoint {
  checkMaxFpr('thresholdAtFpr', maxFpr);
  const { fpr, tpr, thresholds } = rocCurve(labels, scores, { dropIntermediate: false });
  let index = 0;
  while (index + 1 < fpr.length && fpr[index + 1]! <= maxFpr) index++;
  return { threshold: thresholds[index]!, fpr: fpr[index]!, tpr: tpr[index]! };
}
