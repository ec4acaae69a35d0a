import { cholesky, whitenedSquare } from './cholesky';
import { centerRows, covarianceOf, ledoitWolfShrinkage, shrink } from './covariance';
import { fitted, SingularCovarianceError } from './errors';
import { type Matrix, type MatrixLike, queryMatrix, trainingMatrix } from './matrix';
import type { OutlierDetector } from './outlier-detector';

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

  /** @throws RangeError that names the option. */
  constructor({ shrinkage = 0 }: MahalanobisDistanceOptions = {}) {
    if (shrinkage !== 'ledoitWolf' && !(shrinkage >= 0 && shrinkage <= 1)) {
      throw new RangeError(
        `${WHERE}: shrinkage must be 'ledoitWolf' or a number from 0 to 1, got ${shrinkage}.`,
      );
    }
    this.#shrinkage = shrinkage;
  }

  /**
   * @throws SingularCovarianceError (a RangeError) for a covariance that is singular within rounding; RangeError or
   *   TypeError for another X than a finite matrix.
   */
  fit(X: MatrixLike): this {
    const { centered, mean } = centerRows(trainingMatrix(`${WHERE}.fit`, X));
    const lower = covarianceOf(centered);
    const shrinkage =
      this.#shrinkage === 'ledoitWolf' ? ledoitWolfShrinkage(centered, lower) : this.#shrinkage;
    checkRank(centered, shrinkage);
    shrink(lower, centered.nCols, shrinkage);
    const singular = cholesky(lower, pivotFloors(lower, mean));
    if (singular >= 0) throw new SingularCovarianceError(`no variance of its own in column ${singular}`);
    this.#state = { mean, lower, shrinkage };
    return this;
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
