import { predictionThreshold, thresholdFromNormals } from '@serial-oe/evaluation';
import type { SelftestCalibration } from './selftest-types';

const SECONDS_A_DAY = 86_400;

export interface SelftestThresholdOptions {
  /** Share of normal clips that may be called anomalous; undefined for one false alarm a day. */
  falseAlarmRate: number | undefined;
  /** Clips that are scored a day; undefined for as many as follow each other without a pause. */
  clipsADay: number | undefined;
  /** Of a clip. */
  seconds: number;
  /** The system's own threshold, where there are no scores to set one on. */
  own: number;
}

/**
 * The threshold for one false alarm a day, or another rate. A rate that the clips can show is counted; of one that they are too few
 * for, the threshold lies where it would be if the scores were normally distributed.
 *
 * @param scores of normal clips, by fits without them
 */
export function selftestThreshold(
  scores: readonly number[],
  { falseAlarmRate: asked, clipsADay: askedClips, seconds, own }: SelftestThresholdOptions,
): { threshold: number; calibration: SelftestCalibration } {
  const clipsADay = askedClips ?? Math.max(2, Math.round(SECONDS_A_DAY / seconds));
  const falseAlarmRate = asked ?? 1 / clipsADay;
  const nClips = scores.length;
  const made = (threshold: number, method: SelftestCalibration['method']) => ({
    threshold,
    calibration: { falseAlarmRate, clipsADay, nClips, method },
  });
  if (nClips === 0) return made(own, 'own');
  const canCount = falseAlarmRate * nClips >= 1 || falseAlarmRate === 0;
  if (canCount) return made(thresholdFromNormals(scores, falseAlarmRate), 'counted');
  const doDiffer = nClips >= 3 && scores.some((score) => score !== scores[0]);
  if (!doDiffer) return made(own, 'own'); // of a machine that borrows its spread they are all the same
  return made(predictionThreshold(scores, falseAlarmRate), 'extrapolated');
}
