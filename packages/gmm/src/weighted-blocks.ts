/** Rows that a core takes together. It fixes the order of the sums in `GaussianCore.scatter`. */
export const BLOCK_ROWS = 64;

/** Up to {@link BLOCK_ROWS} rows with the roots of their weights; the arrays are used again for the next block. */
export interface WeightedBlock {
  readonly count: number;
  /** Indices of the rows, ascending. */
  readonly rows: Int32Array;
  readonly roots: Float64Array;
}

/** Hands on the rows with a weight above `smallest`, block after block. */
export function forEachWeightedBlock(
  weights: Float64Array,
  smallest: number,
  take: (block: WeightedBlock) => void,
): void {
  const rows = new Int32Array(BLOCK_ROWS);
  const roots = new Float64Array(BLOCK_ROWS);
  let count = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row]!;
    if (!(weight > smallest)) continue;
    rows[count] = row;
    roots[count++] = Math.sqrt(weight);
    if (count < BLOCK_ROWS) continue;
    take({ count, rows, roots });
    count = 0;
  }
  if (count > 0) take({ count, rows, roots });
}
