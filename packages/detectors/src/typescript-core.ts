import type { Matrix } from '@serial-oe/foundation';
import { BLOCK_ROWS, type DistanceCore } from './distance-core';

/** The core in plain JavaScript. */
export function createTypescriptCore(rows: Matrix): DistanceCore {
  const squared = new Float64Array(BLOCK_ROWS * BLOCK_ROWS);
  let queries: Matrix = rows;
  return {
    squared,
    setQueries(data) {
      queries = { data, nRows: data.length / rows.nCols, nCols: rows.nCols };
    },
    fill(firstRow) {
      const nRows = Math.min(BLOCK_ROWS, rows.nRows - firstRow);
      for (let query = 0; query < queries.nRows; query += 2) {
        for (let j = 0; j < nRows; j += 4) {
          fillTile(queries, rows, { query, row: firstRow + j, out: squared, at: query * BLOCK_ROWS + j });
        }
      }
    },
  };
}

/**
 * 2 queries against 4 rows at a time, so that each value loaded serves several sums. Indices past the end repeat the
 * last row; what they give is not looked at.
 */
function fillTile(
  queries: Matrix,
  rows: Matrix,
  { query, row, out, at }: { query: number; row: number; out: Float64Array; at: number },
): void {
  const { data: q, nCols } = queries;
  const { data: r } = rows;
  const lastRow = rows.nRows - 1;
  const q0 = query * nCols;
  const q1 = Math.min(query + 1, queries.nRows - 1) * nCols;
  const r0 = row * nCols;
  const r1 = Math.min(row + 1, lastRow) * nCols;
  const r2 = Math.min(row + 2, lastRow) * nCols;
  const r3 = Math.min(row + 3, lastRow) * nCols;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < nCols; k++) {
    const a = q[q0 + k]!;
    const b = q[q1 + k]!;
    const c0 = r[r0 + k]!;
    const c1 = r[r1 + k]!;
    const c2 = r[r2 + k]!;
    const c3 = r[r3 + k]!;
    s00 += (a - c0) * (a - c0);
    s01 += (a - c1) * (a - c1);
    s02 += (a - c2) * (a - c2);
    s03 += (a - c3) * (a - c3);
    s10 += (b - c0) * (b - c0);
    s11 += (b - c1) * (b - c1);
    s12 += (b - c2) * (b - c2);
    s13 += (b - c3) * (b - c3);
  }
  const next = at + BLOCK_ROWS;
  out[at] = s00;
  out[at + 1] = s01;
  out[at + 2] = s02;
  out[at + 3] = s03;
  out[next] = s10;
  out[next + 1] = s11;
  out[next + 2] = s12;
  out[next + 3] = s13;
}
