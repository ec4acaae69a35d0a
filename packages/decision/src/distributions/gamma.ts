import { continuedFraction } from './continued-fraction';
import { logGamma } from './log-gamma';
import { solveDecreasing } from './solve';

/**
 * Probability that a gamma variable of the shape and scale 1 is above x: the regularised upper incomplete gamma function
 * Q(shape, x), by the series of P below the mean and a continued fraction above it.
 * @see DLMF 8.7.1, 8.9.2
 */
export function gammaUpper(shape: number, x: number): number {
  if (!(x > 0)) return 1;
  if (x === Infinity) return 0;
  const logFactor = shape * Math.log(x) - x - logGamma(shape);
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let k = 1; term > sum * Number.EPSILON; k++) {
      term *= x / (shape + k);
      sum += term;
    }
    return Math.max(0, 1 - sum * Math.exp(logFactor));
  }
  const fraction = continuedFraction(x + 1 - shape, (k) => ({
    a: k * (shape - k),
    b: x + 2 * k + 1 - shape,
  }));
  return Math.exp(logFactor) / fraction;
}

/** The x that a gamma variable of scale 1 exceeds with the probability `upper`, in (0, 1). */
export function gammaQuantile(shape: number, upper: number): number {
  let high = shape + 1;
  while (gammaUpper(shape, high) > upper) high *= 2;
  return solveDecreasing((x) => gammaUpper(shape, x) - upper, { low: 0, high });
}
