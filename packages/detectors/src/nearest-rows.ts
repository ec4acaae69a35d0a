import type { Matrix } from '@serial-oe/foundation';
import { forEachDistanceBlock } from './distance-blocks';

export interface NearestRowsOptions {
  /** At most `rows.nRows`; one less where queries and rows are the same matrix. */
  k: number;
  /** Leave out rows at distance 0; where fewer than k are left, the last distances are Infinity. Default false. */
  isApart?: boolean;
}

/** The k nearest rows of each query, `[nQueries, k]` row-major, nearest first; of equally near ones the first. */
export interface NearestRows {
  /** Euclidean distances. */
  distances: Float64Array;
  /** Row numbers. */
  indices: Int32Array;
}

/** The k nearest rows of each query. Where `queries === rows`, no row counts as a neighbour of its own. */
export function nearestRows(
  queries: Matrix,
  rows: Matrix,
  { k, isApart = false }: NearestRowsOptions,
): NearestRows {
  const distances = new Float64Array(queries.nRows * k).fill(Infinity); // squared until the end
  const indices = new Int32Array(queries.nRows * k);
  const isSelf = queries === rows;
  const least = isApart ? Number.MIN_VALUE : 0;
  forEachDistanceBlock({ queries, rows }, ({ firstQuery, nQueries, firstRow, nRows, squared, stride }) => {
    for (let i = 0; i < nQueries; i++) {
      const first = (firstQuery + i) * k;
      const last = first + k - 1;
      const self = isSelf ? firstQuery + i - firstRow : -1;
      for (let j = 0; j < nRows; j++) {
        const distance = squared[i * stride + j]!;
        if (distance >= distances[last]! || distance < least || j === self) continue;
        let at = last;
        for (; at > first && distances[at - 1]! > distance; at--) {
          distances[at] = distances[at - 1]!;
          indices[at] = indices[at - 1]!;
        }
        distances[at] = distance;
        indices[at] = firstRow + j;
      }
    }
  });
  for (let i = 0; i < distances.length; i++) distances[i] = Math.sqrt(distances[i]!);
  return { distances, indices };
}
