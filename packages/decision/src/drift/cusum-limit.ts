import { solveDecreasing } from '../distributions/solve';

/** Mean overshoot of a normal random walk's limit, 2 x 0.583. */
const OVERSHOOT = 1.166;

/**
 * The limit of a one-sided cumulative sum of standard normal values, each less `allowance`, that is passed once in `runLength` values
 * on average while nothing has moved, by Siegmund's approximation.
 *
 * @param allowance above 0
 * @see D. Siegmund, "Sequential Analysis" (1985), chapter 2; D. C. Montgomery, "Introduction to Statistical Quality Control", 9.1.4
 */
export function cusumLimit(allowance: number, runLength: number): number {
  const runLengthAt = (limit: number) => {
    const steps = 2 * allowance * (limit + OVERSHOOT);
    return (Math.expm1(steps) - steps) / (2 * allowance ** 2);
  };
  let high = 1;
  while (runLengthAt(high) < runLength) high *= 2;
  return solveDecreasing((limit) => runLength - runLengthAt(limit), { low: 0, high });
}
