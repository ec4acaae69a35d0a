import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  checkNumber,
  checkOptions,
  type OptionNames,
} from '@serial-oe/foundation';
import { CONFIDENCE } from './check';
import { noncentralTCdf, studentTQuantile } from './student-t';

/** Options of {@link pairsNeeded}. */
export interface PairsNeededOptions {
  /** Standard deviation of the paired differences, at least 0; of `pairedDifference`, for instance. */
  std: number;
  /** The difference that is to be found, above 0, in the same unit. */
  difference: number;
  /** Probability that a difference of this size is found. Default 0.8. */
  power?: number;
  /** Probability of finding one where there is none, two-sided. Default 0.05. */
  significance?: number;
}

const CALLER = 'evaluation.pairsNeeded';
const OPTIONS: OptionNames<PairsNeededOptions> = {
  std: true,
  difference: true,
  power: true,
  significance: true,
};

/** Nobody trains more often. */
const MOST = 10_000;

/**
 * Pairs (seeds, machines) that a paired t-test needs to find a difference: the smallest number, at least 2, at which its power
 * reaches the one that is wanted. The deviation is itself an estimate: of three pairs it is a rough one, and so is the answer.
 *
 * @returns Infinity where more than 10,000 were needed
 * @throws RangeError for options outside their range
 * @see J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), chapter 2; statsmodels' `TTestPower`.
 * @example
 * pairsNeeded({ std: 0.025, difference: 0.03 }); // 8
 */
export function pairsNeeded(options: PairsNeededOptions): number {
  checkOptions(CALLER, options, OPTIONS);
  const { std, difference, power = 0.8, significance = 0.05 } = options;
  checkNumber(`${CALLER}: std`, std, AT_LEAST_ZERO);
  checkNumber(`${CALLER}: difference`, difference, ABOVE_ZERO);
  checkNumber(`${CALLER}: power`, power, CONFIDENCE);
  checkNumber(`${CALLER}: significance`, significance, CONFIDENCE);
  const effect = difference / std;
  if (std === 0 || effect === Infinity) return 2;
  const isEnough = (nPairs: number) => pairedPower(nPairs, { effect, significance }) >= power;
  let enough = 2;
  while (!isEnough(enough)) {
    if (enough >= MOST) return Infinity;
    enough = Math.min(2 * enough, MOST);
  }
  let tooFew = enough === 2 ? 1 : Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** Probability that a two-sided paired t-test rejects where the true mean is `effect` standard deviations. */
export function pairedPower(
  nPairs: number,
  { effect, significance }: { effect: number; significance: number },
): number {
  const nDegrees = nPairs - 1;
  const limit = studentTQuantile(1 - significance / 2, nDegrees);
  const shift = effect * Math.sqrt(nPairs);
  return 1 - noncentralTCdf(limit, { nDegrees, shift }) + noncentralTCdf(-limit, { nDegrees, shift });
}
