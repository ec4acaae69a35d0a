import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  cholesky,
  FRACTION,
  fitted,
  flatten,
  type Matrix,
  type MatrixLike,
  type NumberRule,
  nest,
  type OptionNames,
  readJson,
  show,
} from '@serial-oe/foundation';
import { centerRows, covarianceOf, ledoitWolfShrinkage, shrink } from './covariance';
import { JSON_VERSION, readNumbers } from './detector-json';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';
import { SingularCovarianceError } from './singular-covariance-error';
import { MAX_MAGNITUDE, queryMatrix, trainingMatrix } from './training-matrix';
import { whitenedSquare } from './whitened-square';

/** Options of `MahalanobisDistance`. */
export interface MahalanobisDistanceOptions {
  /**
   * How far the covariance C is drawn to m I, m the mean variance: (1 - s) C + s m I for a number s from 0 to 1;
   * `'ledoitWolf'` takes the s that Ledoit and Wolf's formula finds for the data. Default 0.
   */
  shrinkage?: number | 'ledoitWolf';
}

interface FittedState {
  mean: Float64Array;
  /** Cholesky factor of the covariance, lower, `[nCols, nCols]`. */
  lower: Float64Array;
  shrinkage: number;
}

/** Standard deviations under this many roundings of the mean are noise: the column is constant. */
const DEVIATION_ROUNDINGS = 16;

const WHERE = 'detectors.MahalanobisDistance';
const KIND = 'mahalanobisDistance';
const OPTIONS: OptionNames<MahalanobisDistanceOptions> = { shrinkage: true };
const SHRINKAGE: NumberRule = { ...FRACTION, rule: "be 'ledoitWolf' or a number from 0 to 1" };

/** A fitted `MahalanobisDistance`. */
export interface MahalanobisDistanceJSON extends DetectorJSON {
  kind: typeof KIND;
  /** The option. */
  shrinkage: number | 'ledoitWolf';
  /** The shrinkage that the data were given. */
  usedShrinkage: number;
  /** `[nCols]` */
  mean: number[];
  /** Cholesky factor of the covariance, lower triangular, `[nCols, nCols]`. */
  covarianceCholesky: number[][];
}

/**
 * Squared Mahalanobis distance to the mean of the training rows, under their covariance (divided by their number), as
 * scikit-learn's `EmpiricalCovariance`, `ShrunkCovariance` and `LedoitWolf` give it.
 *
 * A singular covariance is an error. scikit-learn takes the pseudo-inverse there, which gives a deviation in a
 * direction in which the training rows do not vary the weight 0: the plainest outliers would score as normal.
 * Embeddings of fewer rows than columns need a shrinkage.
 */
export class MahalanobisDistance implements OutlierDetector {
  readonly #shrinkage: number | 'ledoitWolf';
  #state: FittedState | undefined;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: MahalanobisDistanceOptions = {}) {
    checkOptions(WHERE, options, OPTIONS);
    this.#shrinkage = checkShrinkage(`${WHERE}: shrinkage`, options.shrinkage ?? 0);
  }

  /** The detector out of what {@link toJSON} made, or its text. @throws RangeError or TypeError that names the field. */
  static fromJSON(json: MahalanobisDistanceJSON | string): MahalanobisDistance {
    const where = `${WHERE}.fromJSON`;
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const detector = new MahalanobisDistance({
      shrinkage: checkShrinkage(`${where}: json.shrinkage`, fields.shrinkage),
    });
    const mean = readMean(`${where}: json.mean`, fields.mean);
    detector.#state = {
      mean,
      lower: readFactor(`${where}: json.covarianceCholesky`, fields.covarianceCholesky, mean.length),
      shrinkage: checkNumber(`${where}: json.usedShrinkage`, fields.usedShrinkage, FRACTION),
    };
    return detector;
  }

  /**
   * @throws SingularCovarianceError (a RangeError) for a covariance that is singular within rounding; RangeError or
   *   TypeError for another X than a finite matrix.
   */
  fit(X: MatrixLike): this {
    const { centered, mean } = centerRows(trainingMatrix(`${WHERE}.fit: X`, X));
    const covariance = covarianceOf(centered);
    const shrinkage =
      this.#shrinkage === 'ledoitWolf' ? ledoitWolfShrinkage(centered, covariance) : this.#shrinkage;
    checkRank(centered, shrinkage);
    shrink(covariance, centered.nCols, shrinkage);
    const lower = cholesky(covariance, pivotFloors(covariance, mean));
    if (typeof lower === 'number') {
      throw new SingularCovarianceError(`no variance of its own in column ${lower}`);
    }
    this.#state = { mean, lower, shrinkage };
    return this;
  }

  /** @throws NotFittedError before `fit`. */
  toJSON(): MahalanobisDistanceJSON {
    const { mean, lower, shrinkage } = fitted(`${WHERE}.toJSON`, this.#state);
    return {
      ...{ kind: KIND, version: JSON_VERSION, shrinkage: this.#shrinkage, usedShrinkage: shrinkage },
      mean: Array.from(mean),
      covarianceCholesky: nest(lower, [mean.length, mean.length]) as number[][],
    };
  }

  /** The shrinkage in use. @throws NotFittedError before `fit`. */
  get shrinkage(): number {
    return fitted(`${WHERE}.shrinkage`, this.#state).shrinkage;
  }

  /** Minus the squared distance, `[nRows]`, at most 0; -Infinity beyond float64. @throws NotFittedError before `fit`. */
  scoreSamples(X: MatrixLike): Float64Array {
    const where = `${WHERE}.scoreSamples`;
    const { mean, lower } = fitted(where, this.#state);
    const { data, nRows, nCols } = queryMatrix(where, X, mean.length);
    return Float64Array.from({ length: nRows }, (_, i) => {
      const deviation = mean.map((value, j) => data[i * nCols + j]! - value);
      const square = whitenedSquare(lower, deviation);
      return square < Infinity ? 0 - square : -Infinity; // NaN comes of an overflow alone
    });
  }
}

/** The rank of a covariance is less than the number of rows. */
function checkRank({ nRows, nCols }: Matrix, shrinkage: number): void {
  if (shrinkage > 0 || nRows > nCols) return;
  throw new SingularCovarianceError(`${nRows} rows for ${nCols} columns`);
}

/** `[nCols]`: what rounding can leave of a pivot, by the covariance's own digits and by those of the mean. */
function pivotFloors(covariance: Float64Array, mean: Float64Array): Float64Array {
  return mean.map((value, j) => {
    const variance = covariance[j * mean.length + j]!;
    return Math.max(
      mean.length * Number.EPSILON * variance,
      (DEVIATION_ROUNDINGS * Number.EPSILON * value) ** 2,
    );
  });
}

function checkShrinkage(where: string, value: unknown): number | 'ledoitWolf' {
  return value === 'ledoitWolf' ? value : checkNumber(where, value, SHRINKAGE);
}

function readMean(where: string, values: unknown): Float64Array {
  const length = Array.isArray(values) ? values.length : 0;
  if (length === 0) throw new TypeError(`${where} must be an array of numbers, got ${show(values)}.`);
  const rule: NumberRule = {
    isValid: (x) => Math.abs(x) <= MAX_MAGNITUDE,
    rule: `be a number of at most ${MAX_MAGNITUDE} in magnitude`,
  };
  return readNumbers(where, values, { length, rule });
}

/** @throws RangeError also where a value above the diagonal is not 0, or one on it not positive. */
function readFactor(where: string, values: unknown, n: number): Float64Array {
  const lower = flatten(where, values, [n, n]);
  for (let i = 0; i < n; i++) {
    checkNumber(`${where}[${i}][${i}]`, lower[i * n + i], ABOVE_ZERO);
    const above = lower.subarray(i * n + i + 1, (i + 1) * n).findIndex((value) => value !== 0);
    if (above >= 0) {
      const [row, column] = [i, i + 1 + above];
      throw new RangeError(
        `${where} must be lower triangular, got ${lower[row * n + column]} at [${row}][${column}].`,
      );
    }
  }
  return lower;
}
