import type { Matrix } from '@serial-oe/foundation';

/** X less the mean of its rows, and the mean, `[nCols]`. */
export function centerRows({ data, nRows, nCols }: Matrix): { centered: Matrix; mean: Float64Array } {
  const mean = new Float64Array(nCols);
  for (let i = 0; i < data.length; i++) mean[i % nCols]! += data[i]! / nRows;
  return { centered: { data: data.map((value, i) => value - mean[i % nCols]!), nRows, nCols }, mean };
}

/** Covariance of centred rows, divided by their number; the lower triangle of `[nCols, nCols]`, zeros above it. */
export function covarianceOf({ data, nRows, nCols }: Matrix): Float64Array {
  const covariance = new Float64Array(nCols * nCols);
  for (let row = 0; row < data.length; row += nCols) {
    for (let i = 0; i < nCols; i++) {
      const value = data[row + i]! / nRows;
      const to = i * nCols;
      for (let j = 0; j <= i; j++) covariance[to + j]! += value * data[row + j]!;
    }
  }
  return covariance;
}

/** (1 - s) C + s m I in place, with m the mean variance; C as {@link covarianceOf} gives it. */
export function shrink(covariance: Float64Array, nCols: number, shrinkage: number): void {
  const added = shrinkage * meanVariance(covariance, nCols);
  for (let i = 0; i < covariance.length; i++) covariance[i]! *= 1 - shrinkage;
  for (let i = 0; i < nCols; i++) covariance[i * nCols + i]! += added;
}

/**
 * Ledoit and Wolf's shrinkage, in [0, 1]: b^2 / d^2, where d^2 is the mean squared difference of the covariance and the
 * scaled identity, and b^2 the part of it that sampling makes.
 *
 * @param covariance of the centred rows, as {@link covarianceOf} gives it.
 * @see O. Ledoit, M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", Journal of
 *   Multivariate Analysis 88 (2004), lemmas 3.2 to 3.4; scikit-learn's `ledoit_wolf_shrinkage`.
 */
export function ledoitWolfShrinkage({ data, nRows, nCols }: Matrix, covariance: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < nCols; i++) {
    for (let j = 0; j < i; j++) squares += 2 * covariance[i * nCols + j]! ** 2;
    squares += covariance[i * nCols + i]! ** 2;
  }
  let fourths = 0;
  for (let row = 0; row < data.length; row += nCols) {
    let norm = 0;
    for (let j = 0; j < nCols; j++) norm += data[row + j]! ** 2;
    fourths += norm ** 2 / nRows;
  }
  const spread = squares - nCols * meanVariance(covariance, nCols) ** 2;
  const noise = Math.min((fourths - squares) / nRows, spread);
  return noise > 0 ? noise / spread : 0;
}

function meanVariance(covariance: Float64Array, nCols: number): number {
  let trace = 0;
  for (let i = 0; i < nCols; i++) trace += covariance[i * nCols + i]!;
  return trace / nCols;
}
