import { fitGamma, gammaScore } from './fit-gamma';
import { fitGeneralizedPareto, paretoExcess } from './fit-generalized-pareto';

/** How the tail of normal scores is told: by their order, or by a distribution. */
export const TAILS = ['empirical', 'gamma', 'gpd'] as const;
export type Tail = (typeof TAILS)[number];

/** Fewer scores tell no distribution. */
export const MIN_SCORES: Readonly<Record<Tail, number>> = { empirical: 1, gamma: 10, gpd: 20 };

/** The highest tenth is the tail, but at least ten scores, and twice those that the rate asks for. */
const TAIL_SHARE = 0.1;
const MIN_EXCESSES = 10;
const EXCESSES_A_FALSE_ALARM = 2;
/** Against the rounding of (n + 1) times a rate. */
const SLACK = 1e-9;

/** The score that a share `upper`, in (0, 1), of normal scores is above. */
export type ScoreOfShare = (upper: number) => number;

/** How many of n + 1 scores a rate asks for, in whole ones. */
export function wholeShare(n: number, rate: number): number {
  return Math.floor((n + 1) * rate + SLACK);
}

/** How many of n scores may lie above the lowest order statistic that a new score exceeds with a probability of at most `rate`. */
export function scoresAbove(n: number, rate: number): number {
  return Math.max(0, Math.min(n, wholeShare(n, rate)) - 1);
}

/**
 * The tail of scores.
 *
 * @param sorted ascending, at least `MIN_SCORES` of them
 * @param where `<package>.<function>`
 * @throws RangeError where they are too equal for a distribution
 */
export function scoreTail(
  sorted: Float64Array,
  { tail, rate, where }: { tail: Tail; rate: number; where: string },
): ScoreOfShare {
  const n = sorted.length;
  const ofOrder: ScoreOfShare = (upper) => sorted[n - 1 - scoresAbove(n, upper)]!;
  if (tail === 'empirical') return ofOrder;
  if (tail === 'gamma') {
    if (sorted[0]! < sorted[n - 1]!) {
      const parameters = fitGamma(sorted);
      return (upper) => gammaScore(parameters, upper);
    }
    throw new RangeError(
      `${where}: scores must differ for the tail 'gamma', got ${n} times ${sorted[0]}. Use 'empirical'.`,
    );
  }
  const asked = Math.max(
    MIN_EXCESSES,
    Math.ceil(TAIL_SHARE * n),
    Math.ceil(EXCESSES_A_FALSE_ALARM * rate * n),
  );
  const nExcesses = Math.min(asked, n >> 1);
  const start = sorted[n - 1 - nExcesses]!;
  const excesses = sorted.subarray(n - nExcesses).map((score) => score - start);
  if (!excesses.some((excess) => excess > 0)) {
    throw new RangeError(
      `${where}: the ${nExcesses} highest scores must differ for the tail 'gpd', got ${start} alone. Use 'empirical'.`,
    );
  }
  const share = (nExcesses + 1) / (n + 1); // the mean of the rate above that order statistic
  const parameters = fitGeneralizedPareto(excesses);
  return (upper) => (upper < share ? start + paretoExcess(parameters, upper / share) : ofOrder(upper));
}
