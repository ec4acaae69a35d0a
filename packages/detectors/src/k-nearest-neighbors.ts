import { checkCount, checkOneOf } from './check-options';
import { fitted } from './errors';
import { type Matrix, type MatrixLike, queryMatrix, trainingMatrix } from './matrix';
import { nearestRows } from './nearest-rows';
import type { OutlierDetector } from './outlier-detector';

/** Options of `KNearestNeighbors`. */
export interface KNearestNeighborsOptions {
  /** Number of nearest training rows that count, at least 1. Default 5. */
  nNeighbors?: number;
  /** Their mean distance, or the largest. Default `'mean'`. */
  aggregation?: 'mean' | 'max';
}

const WHERE = 'detectors.KNearestNeighbors';

/**
 * Distance to the nearest training rows: minus the mean (or largest) of the Euclidean distances that scikit-learn's
 * `NearestNeighbors.kneighbors` gives. Keeps all training rows.
 *
 * @example
 * const detector = new KNearestNeighbors({ nNeighbors: 2 }).fit([[0], [1], [3]]);
 * detector.scoreSamples([[1]]); // [-0.5]: distances 0 and 1
 */
export class KNearestNeighbors implements OutlierDetector {
  readonly #options: Required<KNearestNeighborsOptions>;
  #rows: Matrix | undefined;

  /** @throws RangeError that names the option. */
  constructor({ nNeighbors = 5, aggregation = 'mean' }: KNearestNeighborsOptions = {}) {
    checkCount(WHERE, 'nNeighbors', nNeighbors);
    checkOneOf(WHERE, 'aggregation', aggregation, ['mean', 'max']);
    this.#options = { nNeighbors, aggregation };
  }

  /** @throws RangeError or TypeError for another X than a finite matrix, or one of fewer rows than nNeighbors. */
  fit(X: MatrixLike): this {
    const { nNeighbors } = this.#options;
    this.#rows = trainingMatrix(`${WHERE}.fit`, X, nNeighbors);
    return this;
  }

  /** Minus the distance, `[nRows]`, at most 0, in the unit of the data. @throws NotFittedError before `fit`. */
  scoreSamples(X: MatrixLike): Float64Array {
    const where = `${WHERE}.scoreSamples`;
    const rows = fitted(where, this.#rows);
    const queries = queryMatrix(where, X, rows.nCols);
    const { nNeighbors, aggregation } = this.#options;
    const { distances } = nearestRows(queries, rows, nNeighbors);
    return Float64Array.from({ length: queries.nRows }, (_, i) => {
      const near = distances.subarray(i * nNeighbors, (i + 1) * nNeighbors);
      if (aggregation === 'max') return 0 - near[nNeighbors - 1]!;
      return 0 - near.reduce((sum, distance) => sum + distance, 0) / nNeighbors;
    });
  }
}
