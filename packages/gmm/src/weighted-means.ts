import type { Matrix } from '@serial-oe/foundation';

/** Rows that are added at a time, so that each sum is loaded and stored once for four products. */
const GROUP = 4;

/**
 * Means m_k = sum_i r_ik x_i / n_k, `[nComponents, nCols]`; sums by ascending i.
 *
 * @param responsibilities r, `[nComponents, nRows]`.
 * @param counts n, `[nComponents]`.
 */
export function weightedMeans(
  { data, nRows, nCols }: Matrix,
  responsibilities: Float64Array,
  counts: Float64Array,
): Float64Array {
  const means = new Float64Array(counts.length * nCols);
  const nGrouped = nRows - (nRows % GROUP);
  for (let row = 0; row < nGrouped; row += GROUP) {
    const rows = data.subarray(row * nCols, (row + GROUP) * nCols);
    for (let k = 0; k < counts.length; k++) {
      const at = k * nRows + row;
      addGroup(rows, responsibilities.subarray(at, at + GROUP), means.subarray(k * nCols, (k + 1) * nCols));
    }
  }
  for (let row = nGrouped; row < nRows; row++) {
    for (let k = 0; k < counts.length; k++) {
      const r = responsibilities[k * nRows + row]!;
      for (let j = 0; j < nCols; j++) means[k * nCols + j]! += r * data[row * nCols + j]!;
    }
  }
  for (let at = 0; at < means.length; at++) means[at]! /= counts[Math.floor(at / nCols)]!;
  return means;
}

/** sums += the rows of a group times their weights; nothing where all weights are 0. */
function addGroup(rows: Float64Array, weights: Float64Array, sums: Float64Array): void {
  const nCols = sums.length;
  const [r0, r1, r2, r3] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  if (r0 + r1 + r2 + r3 === 0) return;
  for (let j = 0; j < nCols; j++) {
    let sum = sums[j]! + r0 * rows[j]!;
    sum += r1 * rows[nCols + j]!;
    sum += r2 * rows[2 * nCols + j]!;
    sums[j] = sum + r3 * rows[3 * nCols + j]!;
  }
}
