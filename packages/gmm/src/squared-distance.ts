import type { Matrix } from './matrix';

/** Squared Euclidean distance of row i of X and the values of `point` from `offset` on. */
export function squaredDistance({ data, nCols }: Matrix, i: number, point: Float64Array, offset = 0): number {
  const from = i * nCols;
  let sum = 0;
  for (let j = 0; j < nCols; j++) {
    const d = data[from + j]! - point[offset + j]!;
    sum += d * d;
  }
  return sum;
}
