/** |L^-1 x|^2 for a lower triangular L by forward substitution; `x` is overwritten with L^-1 x. */
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
