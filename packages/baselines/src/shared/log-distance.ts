/** Below this squared distance two vectors are the same within rounding; keeps the logarithm finite. */
const LEAST_SQUARE = 1e-12;

/** Natural logarithm of a distance, out of minus its square, which `MahalanobisDistance` gives. */
export function logDistance(minusSquare: number): number {
  return Math.log(Math.max(-minusSquare, LEAST_SQUARE)) / 2;
}
