import type { Matrix } from '@serial-oe/foundation';
import { createDistanceCore } from './choose-core';
import { BLOCK_ROWS, type DistanceCore } from './distance-core';

/** Squared distances between some queries and some rows; valid during the call that gets it. */
export interface DistanceBlock {
  firstQuery: number;
  nQueries: number;
  firstRow: number;
  nRows: number;
  /** The distance of query `firstQuery + i` and row `firstRow + j` is at `i * stride + j`. */
  squared: Float64Array;
  stride: number;
}

export interface DistanceInputs {
  queries: Matrix;
  rows: Matrix;
  core?: DistanceCore;
}

/**
 * Squared Euclidean distances of all queries to all rows, a block at a time: for each group of queries, the rows in
 * their order. Sums of squared differences, so that equal rows have the distance 0 and near ones lose no digits.
 *
 * @param matrices with the core of the rows, where it serves several calls.
 */
export function forEachDistanceBlock(
  { queries, rows, core = createDistanceCore(rows, queries.nRows) }: DistanceInputs,
  consume: (block: DistanceBlock) => void,
): void {
  const { data, nCols } = queries;
  const stride = BLOCK_ROWS;
  for (let firstQuery = 0; firstQuery < queries.nRows; firstQuery += BLOCK_ROWS) {
    const nQueries = Math.min(BLOCK_ROWS, queries.nRows - firstQuery);
    core.setQueries(data.subarray(firstQuery * nCols, (firstQuery + nQueries) * nCols));
    for (let firstRow = 0; firstRow < rows.nRows; firstRow += BLOCK_ROWS) {
      const nRows = Math.min(BLOCK_ROWS, rows.nRows - firstRow);
      core.fill(firstRow);
      consume({ firstQuery, nQueries, firstRow, nRows, squared: core.squared, stride });
    }
  }
}
