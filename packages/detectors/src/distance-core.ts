/** Rows of each matrix in a block: both fit into a second-level cache for a few hundred columns. A multiple of 8. */
export const BLOCK_ROWS = 64;

/**
 * Computes squared Euclidean distances to the rows of a matrix, a block at a time. Each is the sum of the squared
 * differences over the columns in their order, whichever core it is: the results are equal bit for bit.
 */
export interface DistanceCore {
  /** `[BLOCK_ROWS, BLOCK_ROWS]`, query by row: what `fill` writes, with no meaning where there is no query or no row. */
  readonly squared: Float64Array;
  /** @param data up to BLOCK_ROWS queries of nCols values, which stay as they are until the next ones are set. */
  setQueries(data: Float64Array): void;
  /** @param firstRow a multiple of BLOCK_ROWS. */
  fill(firstRow: number): void;
}
