import type { ScoreOfShare } from './score-tail';

/** The tail is cut into probabilities, each this part of the one before, from 1 down to this part of the rate. */
const STEP = 0.9;
const SMALLEST = 1e-3;

/** What a session's scores are about its mean: values, each with its probability. */
export interface WeightedScores {
  values: number[];
  weights: number[];
}

/** The tail in pieces. */
export function weightedScores(scoreOfShare: ScoreOfShare, rate: number): WeightedScores {
  const values: number[] = [];
  const weights: number[] = [];
  let upper = 1;
  for (; upper > rate * SMALLEST; upper *= STEP) {
    values.push(scoreOfShare(upper * Math.sqrt(STEP)));
    weights.push(upper * (1 - STEP));
  }
  values.push(scoreOfShare(upper / 2));
  weights.push(upper);
  return { values, weights };
}
