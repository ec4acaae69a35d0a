import type { Matrix } from './matrix';
import { scatterTiles } from './scatter-tiles';
import { whitenedSquares } from './whitened-squares';

/**
 * The two loops of full and tied covariances that take O(nRows nCols^2), bound to one X. Everything around them is
 * O(nRows nCols), so another implementation of this interface changes the speed and nothing else.
 */
export interface GaussianCore {
  /**
   * Squared Mahalanobis distance of each row: out[i] = |P^T (x_i - mean)|^2.
   *
   * @param mean `[nCols]`
   * @param precisionCholesky upper triangular P, `[nCols, nCols]` row-major.
   * @param out `[nRows]`, overwritten.
   */
  squaredDistances(mean: Float64Array, precisionCholesky: Float64Array, out: Float64Array): void;
  /**
   * out = sum_i r_i (x_i - mean) (x_i - mean)^T over the rows with r_i > smallest, both halves.
   *
   * @param mean `[nCols]`
   * @param responsibilities r, `[nRows]`, not negative.
   * @param smallest rows with r_i at or under it are left out.
   * @param out `[nCols, nCols]` row-major, overwritten.
   */
  scatter(mean: Float64Array, responsibilities: Float64Array, smallest: number, out: Float64Array): void;
}

/** Makes a core for the rows of X. */
export type CreateGaussianCore = (x: Matrix) => GaussianCore;

/** Rows that are centred together; 16 to 256 measure the same at 128 columns. */
const BLOCK_ROWS = 64;
/** Size of a tile of dot products: 4 x 2 sums and the 6 factors fit into 15 vector registers. */
const TILE = 4;

/** The core in plain JavaScript: blocks of centred rows, then tiles of dot products over contiguous memory. */
export function createScalarCore({ data, nRows, nCols }: Matrix): GaussianCore {
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
        whitenedSquares(block, lower, width, out.subarray(start, start + count));
      }
    },

    scatter(mean, responsibilities, smallest, out) {
      const columns = new Float64Array(width * BLOCK_ROWS);
      const sums = new Float64Array(width * width);
      const rows = new Int32Array(BLOCK_ROWS);
      const roots = new Float64Array(BLOCK_ROWS);
      let row = 0;
      while (row < nRows) {
        let count = 0;
        for (; row < nRows && count < BLOCK_ROWS; row++) {
          const r = responsibilities[row]!;
          if (!(r > smallest)) continue;
          rows[count] = row * nCols;
          roots[count++] = Math.sqrt(r);
        }
        for (let j = 0; j < nCols; j++) {
          const center = mean[j]!;
          const to = j * BLOCK_ROWS;
          for (let i = 0; i < count; i++) columns[to + i] = roots[i]! * (data[rows[i]! + j]! - center);
        }
        scatterTiles(columns, count, BLOCK_ROWS, sums, width);
      }
      unpackSymmetric(sums, width, out, nCols);
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

function unpackSymmetric(sums: Float64Array, width: number, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = sums[i * width + j]!;
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
}
