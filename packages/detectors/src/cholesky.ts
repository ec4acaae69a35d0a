/**
 * Cholesky factor of a symmetric matrix in place: lower L with L L^T = A, of which the lower half is read.
 *
 * @param a `[n, n]` row-major.
 * @param floors `[n]`, a pivot must exceed its floor.
 * @returns the first row whose pivot does not, or -1.
 */
export function cholesky(a: Float64Array, floors: Float64Array): number {
  const n = floors.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (j < i) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > floors[i]!) a[i * n + i] = Math.sqrt(sum);
      else return i;
    }
  }
  return -1;
}

/** |L^-1 x|^2 by forward substitution; `x` is overwritten with L^-1 x. */
export function whitenedSquare(lower: Float64Array, x: Float64Array): number {
  const n = x.length;
  let square = 0;
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
    const value = sum / lower[i * n + i]!;
    x[i] = value;
    square += value * value;
  }
  return square;
}
