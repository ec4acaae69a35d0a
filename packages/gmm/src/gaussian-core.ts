import type { Matrix } from '@serial-oe/foundation';

/**
 * The two loops of full and tied covariances that take O(nRows nCols^2), bound to one X. Everything around them is
 * O(nRows nCols). All cores add the same products in the same order, so their results are equal bit for bit.
 */
export interface GaussianCore {
  /**
   * Squared Mahalanobis distance of each row: out[i] = |P^T (x_i - mean)|^2. NaN or infinite beyond float64's range.
   *
   * Order: each y_j = sum_k (x_ik - mean_k) P_kj by ascending k; then the sum of the squares of the even j and that of
   * the odd j, each by ascending j; then the sum of both.
   *
   * @param mean `[nCols]`
   * @param precisionCholesky upper triangular P, `[nCols, nCols]` row-major.
   * @param out `[nRows]`, overwritten.
   */
  squaredDistances(mean: Float64Array, precisionCholesky: Float64Array, out: Float64Array): void;
  /**
   * out = sum_i r_i (x_i - mean) (x_i - mean)^T over the rows with r_i > smallest, both halves.
   *
   * Order: z_i = sqrt(r_i) (x_i - mean); the products of the first 64 such rows by ascending i, then those of the next
   * 64, and so on; then the sum of these sums.
   *
   * @param mean `[nCols]`
   * @param rows `responsibilities` r, `[nRows]`, not negative; rows with r_i at or under `smallest` are left out.
   * @param out `[nCols, nCols]` row-major, overwritten.
   */
  scatter(mean: Float64Array, rows: WeightedRows, out: Float64Array): void;
}

/** Rows by their weights. */
export interface WeightedRows {
  responsibilities: Float64Array;
  smallest: number;
}

/** Makes a core for the rows of X. */
export type CreateGaussianCore = (x: Matrix) => GaussianCore;
