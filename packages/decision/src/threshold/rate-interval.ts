import { betaQuantile } from '../distributions/beta';

/** Where a rate lies. */
export interface RateInterval {
  /** In [0, 1]. */
  lower: number;
  /** In [0, 1]. */
  upper: number;
  /** Share of draws of the normal scores whose interval holds the rate. */
  confidence: number;
}

/** Scores above a threshold. */
export interface RateCount {
  nAbove: number;
  nScores: number;
}

/**
 * The interval of Clopper and Pearson for the rate of which `nAbove` of `nScores` were seen; nothing is assumed of the scores but
 * that they are independent.
 * @see C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
 *   Biometrika 26 (1934)
 */
export function countInterval({ nAbove, nScores }: RateCount, confidence: number): RateInterval {
  const tail = (1 - confidence) / 2;
  const nBelow = nScores - nAbove;
  return {
    lower: nAbove === 0 ? 0 : betaQuantile(tail, { a: nAbove, b: nBelow + 1 }),
    upper: nBelow === 0 ? 1 : betaQuantile(1 - tail, { a: nAbove + 1, b: nBelow }),
    confidence,
  };
}

/**
 * The interval of the rate at which new scores exceed the order statistic above which `nAbove` of `nScores` lie: exact for every
 * continuous distribution, since that rate is Beta(nAbove + 1, nScores - nAbove) distributed.
 * @see H. A. David, H. N. Nagaraja, "Order Statistics" (2003), 2.5
 */
export function orderStatisticInterval({ nAbove, nScores }: RateCount, confidence: number): RateInterval {
  const tail = (1 - confidence) / 2;
  const shape = { a: nAbove + 1, b: nScores - nAbove };
  return { lower: betaQuantile(tail, shape), upper: betaQuantile(1 - tail, shape), confidence };
}
