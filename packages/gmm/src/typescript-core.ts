import type { Matrix } from '@serial-oe/foundation';
import type { GaussianCore } from './gaussian-core';
import { scatterTiles } from './scatter-tiles';
import { BLOCK_ROWS, forEachWeightedBlock } from './weighted-blocks';
import { whitenedSquares } from './whitened-squares';

/** Size of a tile of dot products: 4 x 2 sums and the 6 factors fit into 15 vector registers. */
const TILE = 4;

/** The core in plain JavaScript: blocks of centred rows, then tiles of dot products over contiguous memory. */
export function createTypescriptCore({ data, nRows, nCols }: Matrix): GaussianCore {
  const width = Math.ceil(nCols / TILE) * TILE;
  return {
    squaredDistances(mean, precisionCholesky, out) {
      const lower = packTransposed(precisionCholesky, nCols, width);
      const block = new Float64Array(BLOCK_ROWS * width); // columns beyond nCols stay 0
      for (let start = 0; start < nRows; start += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, nRows - start);
        for (let i = 0; i < count; i++) {
          const from = (start + i) * nCols;
          const to = i * width;
          for (let j = 0; j < nCols; j++) block[to + j] = data[from + j]! - mean[j]!;
        }
        whitenedSquares({ block, lower, width }, out.subarray(start, start + count));
      }
    },

    scatter(mean, { responsibilities, smallest }, out) {
      const columns = new Float64Array(width * BLOCK_ROWS);
      const sums = new Float64Array(width * width);
      forEachWeightedBlock(responsibilities, smallest, ({ count, rows, roots }) => {
        for (let j = 0; j < nCols; j++) {
          const center = mean[j]!;
          const to = j * BLOCK_ROWS;
          for (let i = 0; i < count; i++)
            columns[to + i] = roots[i]! * (data[rows[i]! * nCols + j]! - center);
        }
        scatterTiles({ columns, count, stride: BLOCK_ROWS }, sums, width);
      });
      unpackSymmetric({ sums, width }, out, nCols);
    },
  };
}

/** P^T, lower triangular, in rows of `width` with zeros around it: its rows are what the dot products run over. */
function packTransposed(upper: Float64Array, n: number, width: number): Float64Array {
  const lower = new Float64Array(width * width);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) lower[i * width + j] = upper[j * n + i]!;
  }
  return lower;
}

function unpackSymmetric(
  { sums, width }: { sums: Float64Array; width: number },
  out: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = sums[i * width + j]!;
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
}
