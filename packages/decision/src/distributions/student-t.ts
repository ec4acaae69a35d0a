import { betaCdf } from './beta';

/**
 * Probability that a variable of Student's t distribution is above t.
 * @see M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.1
 */
export function studentTUpper(t: number, nDegrees: number): number {
  const half = betaCdf(nDegrees / (nDegrees + t * t), { a: nDegrees / 2, b: 0.5 }) / 2;
  return t < 0 ? 1 - half : half;
}
