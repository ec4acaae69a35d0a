/**
 * Cholesky factor of one symmetric matrix: lower L with L L^T = A, of which the lower half is read.
 *
 * @param a `[n, n]` row-major, from `offset` on.
 * @param floors `[n]`, a pivot must exceed its floor; 0 is the mathematical bound.
 * @returns L `[n, n]` with zeros above the diagonal, or the index of the first pivot at or under its floor (or NaN).
 */
export function cholesky(a: Float64Array, floors: Float64Array, offset = 0): Float64Array | number {
  const n = floors.length;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[offset + i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (j < i) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > floors[i]!) lower[i * n + i] = Math.sqrt(sum);
      else return i;
    }
  }
  return lower;
}

/**
 * Transpose of the inverse of a lower triangular matrix: upper P = L^-T, so that (L L^T)^-1 = P P^T.
 *
 * Row i of L^-1 follows by forward substitution: (L^-1)_ij = -sum_{j <= k < i} L_ik (L^-1)_kj / L_ii for j < i. With P
 * as the store, both factors of the sum lie contiguously.
 */
export function inverseTransposed(lower: Float64Array, n: number): Float64Array {
  const upper = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const diagonal = lower[i * n + i]!;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += lower[i * n + k]! * upper[j * n + k]!;
      upper[j * n + i] = -sum / diagonal;
    }
    upper[i * n + i] = 1 / diagonal;
  }
  return upper;
}

/**
 * Upper P with P P^T = A: the Cholesky factor of A with rows and columns reversed, reversed back.
 *
 * @returns P `[n, n]`, or the index of a column of A at which A proves not positive definite.
 */
export function upperCholesky(a: Float64Array, n: number, offset = 0): Float64Array | number {
  const reversed = a.slice(offset, offset + n * n).reverse(); // reverses rows and columns at once
  const lower = cholesky(reversed, new Float64Array(n));
  return typeof lower === 'number' ? n - 1 - lower : lower.reverse();
}

/** A = P^-T P^-1 for an upper P: the covariance that belongs to a precision factor. */
export function covarianceOfPrecisionFactor(upper: Float64Array, n: number): Float64Array {
  const reversed = inverseTransposed(Float64Array.from(upper).reverse(), n).reverse(); // P^-T, lower
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += reversed[i * n + k]! * reversed[j * n + k]!;
      covariance[i * n + j] = sum;
      covariance[j * n + i] = sum;
    }
  }
  return covariance;
}
