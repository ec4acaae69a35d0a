import {
  checkNumber,
  checkOneOf,
  checkOptions,
  fitted,
  type Matrix,
  type MatrixLike,
  type NumberRule,
  type OptionNames,
  readJson,
} from '@serial-oe/foundation';
import { JSON_VERSION, readRows, rowsOf } from './detector-json';
import { forEachDistanceBlock } from './distance-blocks';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';
import { MAX_MAGNITUDE, queryMatrix, trainingMatrix } from './training-matrix';

/** A number, or the rule that finds one. */
type Bandwidth = number | 'scott' | 'silverman';

/** Options of `KernelDensity`. */
export interface KernelDensityOptions {
  /**
   * Standard deviation of the Gaussian, from 1e-60 to 1e60, in the unit of the data. `'scott'` is
   * nRows^(-1 / (nCols + 4)), `'silverman'` (nRows (nCols + 2) / 4)^(-1 / (nCols + 4)); as in scikit-learn, neither
   * looks at the spread of the data. Default 1.
   */
  bandwidth?: Bandwidth;
  /** Default `'gaussian'`, the only one. */
  kernel?: 'gaussian';
}

interface FittedState {
  rows: Matrix;
  bandwidth: number;
}

const WHERE = 'detectors.KernelDensity';
const KIND = 'kernelDensity';
const OPTIONS: OptionNames<KernelDensityOptions> = { bandwidth: true, kernel: true };
const BANDWIDTH: NumberRule = {
  isValid: (x) => x >= 1 / MAX_MAGNITUDE && x <= MAX_MAGNITUDE,
  rule: "be 'scott', 'silverman' or a number from 1e-60 to 1e60",
};

/** A fitted `KernelDensity`. */
export interface KernelDensityJSON extends DetectorJSON {
  kind: typeof KIND;
  bandwidth: Bandwidth;
  kernel: 'gaussian';
  /** The training rows. */
  rows: number[][];
}

/**
 * Density estimate with a Gaussian around each training row; scikit-learn's `KernelDensity`. Keeps all training rows.
 *
 * @example
 * const detector = new KernelDensity({ bandwidth: 0.5 }).fit([[0], [1]]);
 * detector.scoreSamples([[0.5]]); // [-0.7257...]: the log density of either Gaussian there
 */
export class KernelDensity implements OutlierDetector {
  readonly #bandwidth: Bandwidth;
  #state: FittedState | undefined;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: KernelDensityOptions = {}) {
    checkOptions(WHERE, options, OPTIONS);
    const { bandwidth = 1, kernel = 'gaussian' } = options;
    checkOneOf(`${WHERE}: kernel`, kernel, ['gaussian']);
    this.#bandwidth = checkBandwidth(`${WHERE}: bandwidth`, bandwidth);
  }

  /** The detector out of what {@link toJSON} made, or its text. @throws RangeError or TypeError that names the field. */
  static fromJSON(json: KernelDensityJSON | string): KernelDensity {
    const where = `${WHERE}.fromJSON`;
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    checkOneOf(`${where}: json.kernel`, fields.kernel, ['gaussian']);
    const bandwidth = checkBandwidth(`${where}: json.bandwidth`, fields.bandwidth);
    const detector = new KernelDensity({ bandwidth });
    const rows = readRows(where, fields.rows);
    detector.#state = { rows, bandwidth: resolveBandwidth(bandwidth, rows) };
    return detector;
  }

  /** @throws RangeError or TypeError for another X than a finite matrix. */
  fit(X: MatrixLike): this {
    const rows = trainingMatrix(`${WHERE}.fit: X`, X);
    this.#state = { rows, bandwidth: resolveBandwidth(this.#bandwidth, rows) };
    return this;
  }

  /** @throws NotFittedError before `fit`. */
  toJSON(): KernelDensityJSON {
    const { rows } = fitted(`${WHERE}.toJSON`, this.#state);
    return {
      ...{ kind: KIND, version: JSON_VERSION, bandwidth: this.#bandwidth, kernel: 'gaussian' },
      rows: rowsOf(rows),
    };
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
  forEachDistanceBlock({ queries, rows }, ({ firstQuery, nQueries, nRows, squared, stride }) => {
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

function checkBandwidth(where: string, value: unknown): Bandwidth {
  return value === 'scott' || value === 'silverman' ? value : checkNumber(where, value, BANDWIDTH);
}

function resolveBandwidth(bandwidth: Bandwidth, { nRows, nCols }: Matrix): number {
  if (bandwidth === 'scott') return nRows ** (-1 / (nCols + 4));
  if (bandwidth === 'silverman') return ((nRows * (nCols + 2)) / 4) ** (-1 / (nCols + 4));
  return bandwidth;
}
