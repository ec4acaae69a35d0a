import { checkNumber, numberWithin } from '@serial-oe/foundation';
import { checkScore } from './check';
import { studentTQuantile } from './student-t';

/** A rate of 1/2 is the mean; above it, it would be no threshold. */
const RARE = numberWithin(Number.MIN_VALUE, 0.5);
const MIN_SCORES = 3;

/**
 * The threshold that a new normal clip exceeds with the probability `falseAlarmRate`, as if the scores were normally distributed:
 * mean + t(n - 1; 1 - rate) s sqrt(1 + 1/n), the upper limit of the prediction interval for one more value. It is for rates that
 * `thresholdFromNormals` cannot tell from so few clips, such as one false alarm a day, and the fewer clips there are, the higher it
 * is. Scores with a heavier tail than a normal distribution's give more false alarms than that.
 *
 * @param scores `[nClips]`, at least three finite anomaly scores of normal clips that the detector has not been fitted on
 * @param falseAlarmRate in (0, 0.5]
 * @throws RangeError for too few scores, or such that do not differ or are not finite, or a rate outside (0, 0.5]; TypeError for
 *   other kinds
 * @see G. J. Hahn, W. Q. Meeker, "Statistical Intervals" (1991), 4.6
 */
export function predictionThreshold(scores: ArrayLike<number>, falseAlarmRate: number): number {
  const caller = 'evaluation.predictionThreshold';
  checkNumber(`${caller}: falseAlarmRate`, falseAlarmRate, RARE);
  const n = scores?.length ?? 0;
  if (!(n >= MIN_SCORES)) {
    throw new RangeError(
      `${caller}: scores must be at least ${MIN_SCORES}, got ${n}. Score more normal clips.`,
    );
  }
  const all = Array.from(scores, (score, i) => checkScore(score, `${caller}: scores[${i}]`));
  const mean = all.reduce((sum, score) => sum + score / n, 0);
  const deviation = Math.sqrt(all.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1));
  if (!(deviation > 0)) {
    throw new RangeError(
      `${caller}: scores must differ, got ${n} times ${all[0]}. Score clips that were recorded apart.`,
    );
  }
  return mean + studentTQuantile(1 - falseAlarmRate, n - 1) * deviation * Math.sqrt(1 + 1 / n);
}
