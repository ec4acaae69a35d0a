import { checkNumber, checkOptions, FINITE, type OptionNames } from '@serial-oe/foundation';
import { CONFIDENCE, checkScores } from './check-scores';
import { countAbove } from './count-above';
import { countInterval, type RateInterval } from './rate-interval';

export interface RealizedRateOptions {
  threshold: number;
  /** Of the interval, default 0.95. */
  confidence?: number | undefined;
}

/** How many normal clips are above a threshold. */
export interface RealizedRate {
  nAbove: number;
  nScores: number;
  /** nAbove / nScores */
  rate: number;
  /** Of the rate behind it, by Clopper and Pearson; it assumes independent scores, so that of clips of one day it says little. */
  interval: RateInterval;
}

const OPTIONS: OptionNames<RealizedRateOptions> = { threshold: true, confidence: true };

/**
 * The false-alarm rate that normal scores have, to stand beside the one that was asked for. Scores that the threshold was set by
 * would only tell that it was.
 *
 * @param normalScores `[nScores]`, at least one
 * @throws RangeError for no score or one that is not finite; TypeError for another kind
 */
export function realizedRate(normalScores: ArrayLike<number>, options: RealizedRateOptions): RealizedRate {
  const where = 'decision.realizedRate';
  checkOptions(where, options, OPTIONS);
  const confidence = checkNumber(`${where}: confidence`, options.confidence ?? 0.95, CONFIDENCE);
  const threshold = checkNumber(`${where}: threshold`, options.threshold, FINITE);
  const scores = checkScores(`${where}: normalScores`, normalScores);
  const count = { nAbove: countAbove(scores, threshold), nScores: scores.length };
  return { ...count, rate: count.nAbove / count.nScores, interval: countInterval(count, confidence) };
}
