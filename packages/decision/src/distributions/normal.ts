import { solveDecreasing } from './solve';

/** Beyond this the standard normal distribution is 0 or 1 in float64. */
const RANGE = 38;
/** From here on the continued fraction is as good as the series, and keeps the tail's digits. */
const TAIL = 2.5;
const N_TERMS = 60;

/**
 * Probability that a standard normal variable is above z: 1/2 - phi(z) (z + z^3 / 3 + z^5 / (3 5) + ...) near 0, beyond by Laplace's
 * continued fraction phi(z) / (z + 1 / (z + 2 / (z + ...))).
 * @see M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.2.11 and 26.2.14
 */
export function normalUpper(z: number): number {
  if (z < 0) return 1 - normalUpper(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > TAIL) {
    let fraction = z;
    for (let k = N_TERMS; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 3; term > sum * Number.EPSILON; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** The z that a standard normal variable exceeds with the probability `upper`, in (0, 1). */
export function normalQuantile(upper: number): number {
  return solveDecreasing((z) => normalUpper(z) - upper, { low: -RANGE, high: RANGE });
}
