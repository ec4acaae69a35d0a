import { checkOneOf } from './check-options';
import { forEachDistanceBlock } from './distance-blocks';
import { fitted } from './errors';
import { MAX_MAGNITUDE, type Matrix, type MatrixLike, queryMatrix, trainingMatrix } from './matrix';
import type { OutlierDetector } from './outlier-detector';

/** Options of `KernelDensity`. */
export interface KernelDensityOptions {
  /**
   * Standard deviation of the Gaussian, from 1e-60 to 1e60, in the unit of the data. `'scott'` is
   * nRows^(-1 / (nCols + 4)), `'silverman'` (nRows (nCols + 2) / 4)^(-1 / (nCols + 4)); as in scikit-learn, neither
   * looks at the spread of the data. Default 1.
   */
  bandwidth?: number | 'scott' | 'silverman';
  /** Default `'gaussian'`, the only one. */
  kernel?: 'gaussian';
}

interface FittedState {
  rows: Matrix;
  bandwidth: number;
}

const WHERE = 'detectors.KernelDensity';

/**
 * Density estimate with a Gaussian around each training row; scikit-learn's `KernelDensity`. Keeps all training rows.
 *
 * @example
 * const detector = new KernelDensity({ bandwidth: 0.5 }).fit([[0], [1]]);
 * detector.scoreSamples([[0.5]]); // [-0.7257...]: the log density of either Gaussian there
 */
export class KernelDensity implements OutlierDetector {
  readonly #bandwidth: number | 'scott' | 'silverman';
  #state: FittedState | undefined;

  /** @throws RangeError that names the option. */
  constructor({ bandwidth = 1, kernel = 'gaussian' }: KernelDensityOptions = {}) {
    checkOneOf(WHERE, 'kernel', kernel, ['gaussian']);
    const isRule = bandwidth === 'scott' || bandwidth === 'silverman';
    if (!isRule && !(bandwidth >= 1 / MAX_MAGNITUDE && bandwidth <= MAX_MAGNITUDE)) {
      throw new RangeError(
        `${WHERE}: bandwidth must be 'scott', 'silverman' or a number from 1e-60 to 1e60, got ${bandwidth}.`,
      );
    }
    this.#bandwidth = bandwidth;
  }

  /** @throws RangeError or TypeError for another X than a finite matrix. */
  fit(X: MatrixLike): this {
    const rows = trainingMatrix(`${WHERE}.fit`, X);
    this.#state = { rows, bandwidth: resolveBandwidth(this.#bandwidth, rows) };
    return this;
  }

  /** The bandwidth in use. @throws NotFittedError before `fit`. */
  get bandwidth(): number {
    return fitted(`${WHERE}.bandwidth`, this.#state).bandwidth;
  }

  /** Log density of each row, `[nRows]`, natural logarithm; -Infinity beyond float64. @throws NotFittedError before `fit`. */
  scoreSamples(X: MatrixLike): Float64Array {
    const where = `${WHERE}.scoreSamples`;
    const { rows, bandwidth } = fitted(where, this.#state);
    const queries = queryMatrix(where, X, rows.nCols);
    const scale = 0.5 / bandwidth ** 2;
    const { nearest, sums } = sumKernels(queries, rows, scale);
    const logNorm = Math.log(rows.nRows) + rows.nCols * (0.5 * Math.log(2 * Math.PI) + Math.log(bandwidth));
    return sums.map((sum, i) => Math.log(sum) - scale * nearest[i]! - logNorm);
  }
}

/**
 * The smallest squared distance of each query to a row, d, and the sum over the rows of exp(-scale (distance - d)), in
 * one pass: where a block holds a nearer row, the sum so far is rescaled.
 */
function sumKernels(queries: Matrix, rows: Matrix, scale: number) {
  const nearest = new Float64Array(queries.nRows).fill(Infinity);
  const sums = new Float64Array(queries.nRows);
  forEachDistanceBlock(queries, rows, ({ firstQuery, nQueries, nRows, squared, stride }) => {
    for (let i = 0; i < nQueries; i++) {
      const start = i * stride;
      let least = nearest[firstQuery + i]!;
      for (let j = 0; j < nRows; j++) least = Math.min(least, squared[start + j]!);
      let sum = sums[firstQuery + i]! * Math.exp(scale * (least - nearest[firstQuery + i]!));
      for (let j = 0; j < nRows; j++) sum += Math.exp(scale * (least - squared[start + j]!));
      nearest[firstQuery + i] = least;
      sums[firstQuery + i] = sum;
    }
  });
  return { nearest, sums };
}

function resolveBandwidth(bandwidth: number | 'scott' | 'silverman', { nRows, nCols }: Matrix): number {
  if (bandwidth === 'scott') return nRows ** (-1 / (nCols + 4));
  if (bandwidth === 'silverman') return ((nRows * (nCols + 2)) / 4) ** (-1 / (nCols + 4));
  return bandwidth;
}
