import { checkNumber, FINITE, type NumberRule } from '@serial-oe/foundation';

/** What a severity is told by. */
export interface SeverityScale {
  /** Of the machine's normal scores. */
  median: number;
  /** A clip is anomalous where its score is above it. */
  threshold: number;
}

const NUMBER: NumberRule = { isValid: (score) => !Number.isNaN(score), rule: 'be a number' };

/**
 * How far out a score lies, from 0 to 100, on one scale for all machines and systems: 100 r / (1 + r), where r is the way from the
 * normal scores' median to the score in units of the way to the threshold. It is 0 at the median and below, 50 at the threshold,
 * 67 at twice that way and 90 at nine times, it grows with every score above the median, and only an infinite score gets 100.
 * What is above 50 is above the threshold. Where the threshold is no higher than the median there is no such unit: 0 below the threshold,
 * 50 at it, 100 above.
 *
 * @throws RangeError for NaN, or a median or threshold that is not finite; TypeError for another kind
 */
export function severity(score: number, { median, threshold }: SeverityScale): number {
  const where = 'decision.severity';
  checkNumber(`${where}: score`, score, NUMBER);
  checkNumber(`${where}: median`, median, FINITE);
  checkNumber(`${where}: threshold`, threshold, FINITE);
  if (threshold <= median) return score < threshold ? 0 : score > threshold ? 100 : 50;
  if (score <= median) return 0;
  if (score === Infinity) return 100;
  const size = Number.isFinite(score - median) && Number.isFinite(threshold - median) ? 1 : 0.5; // halves do not overflow
  return 100 / (1 + (size * threshold - size * median) / (size * score - size * median));
}
