import { checkNumber, checkOptions, FINITE, type OptionNames, show } from '@serial-oe/foundation';
import { CONFIDENCE } from './check';
import { studentTQuantile } from './student-t';

/** Options of {@link pairedDifference}. */
export interface PairedDifferenceOptions {
  /** Coverage of the interval, between 0 and 1. Default 0.95. */
  confidence?: number;
}

const CALLER = 'evaluation.pairedDifference';
const OPTIONS: OptionNames<PairedDifferenceOptions> = { confidence: true };

/** The mean of paired differences, and where it would lie with other pairs of the same kind. */
export interface PairedDifference {
  /** Mean of values - base. */
  mean: number;
  /** Sample standard deviation of the differences. */
  std: number;
  lower: number;
  upper: number;
  confidence: number;
  nPairs: number;
}

/**
 * Mean of the differences values[i] - base[i] with its confidence interval by Student's t. What both members of a pair share (the
 * seed, the machine) drops out of the difference, so that it is told apart where the figures themselves scatter far more.
 *
 * @param values figures of one system, one for each seed or machine, at least 2
 * @param base those of the other, in the same order
 * @throws RangeError for fewer than 2 pairs, unequal lengths, values that are not finite or a confidence outside (0, 1)
 * @example
 * const { mean, lower, upper } = pairedDifference([0.91, 0.93, 0.9], [0.88, 0.91, 0.88]);
 */
export function pairedDifference(
  values: ArrayLike<number>,
  base: ArrayLike<number>,
  options: PairedDifferenceOptions = {},
): PairedDifference {
  checkOptions(CALLER, options, OPTIONS);
  const { confidence = 0.95 } = options;
  checkNumber(`${CALLER}: confidence`, confidence, CONFIDENCE);
  const nPairs = values.length;
  if (nPairs < 2 || base.length !== nPairs) {
    throw new RangeError(
      `${CALLER}: values and base must have the same length of at least 2, got ${show(nPairs)} and ${show(base.length)}.`,
    );
  }
  const differences = Array.from({ length: nPairs }, (_, i) => {
    const value = checkNumber(`${CALLER}: values[${i}]`, values[i], FINITE);
    return value - checkNumber(`${CALLER}: base[${i}]`, base[i], FINITE);
  });
  const mean = differences.reduce((sum, each) => sum + each, 0) / nPairs;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const std = Math.sqrt(squares / (nPairs - 1));
  const reach = studentTQuantile((1 + confidence) / 2, nPairs - 1) * (std / Math.sqrt(nPairs));
  return { mean, std, lower: mean - reach, upper: mean + reach, confidence, nPairs };
}
