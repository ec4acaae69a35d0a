import { continuedFraction } from './continued-fraction';
import { logGamma } from './log-gamma';
import { solveDecreasing } from './solve';

/** Both above 0. */
export interface BetaShape {
  a: number;
  b: number;
}

/**
 * Cumulative distribution of the beta distribution: the regularised incomplete beta function I_x(a, b).
 * @see DLMF 8.17.22, 8.17.4
 */
export function betaCdf(x: number, { a, b }: BetaShape): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, { a: b, b: a });
  const logFactor =
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a);
  const fraction = continuedFraction(1, (k) => {
    const m = Math.floor(k / 2);
    const isOdd = k % 2 === 1;
    const top = isOdd ? -(a + m) * (a + b + m) : m * (b - m);
    return { a: (top * x) / ((a + k - 1) * (a + k)), b: 1 };
  });
  return Math.exp(logFactor) / fraction;
}

/** The x that a beta variable is below with the probability p, in (0, 1). */
export function betaQuantile(p: number, shape: BetaShape): number {
  return solveDecreasing((x) => p - betaCdf(x, shape), { low: 0, high: 1 });
}
