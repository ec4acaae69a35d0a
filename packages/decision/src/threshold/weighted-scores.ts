import type { ScoreOfShare } from './score-tail';

/** The tail is cut into probabilities from 1 down to this part of the rate. */
const SMALLEST = 1e-3;

/** What a session's scores are about its mean: values, each with its probability. */
export interface WeightedScores {
  values: number[];
  weights: number[];
}

/** The tail in pieces, each of a probability that is `step` times the one of the piece before. */
export function weightedScores(
  scoreOfShare: ScoreOfShare,
  { rate, step }: { rate: number; step: number },
): WeightedScores {
  const values: number[] = [];
  const weights: number[] = [];
  let upper = 1;
  for (; upper > rate * SMALLEST; upper *= step) {
    values.push(scoreOfShare(upper * Math.sqrt(step)));
    weights.push(upper * (1 - step));
  }
  values.push(scoreOfShare(upper / 2));
  weights.push(upper);
  return { values, weights };
}
