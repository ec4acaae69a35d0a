import type { Matrix } from '@serial-oe/foundation';

/** Squared Euclidean distance of row i of X and a point, `[nCols]`. */
export function squaredDistance({ data, nCols }: Matrix, i: number, point: Float64Array): number {
  const from = i * nCols;
  let sum = 0;
  for (let j = 0; j < nCols; j++) {
    const d = data[from + j]! - point[j]!;
    sum += d * d;
  }
  return sum;
}
