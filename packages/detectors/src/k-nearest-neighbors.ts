import {
  checkNumber,
  checkOneOf,
  checkOptions,
  fitted,
  type Matrix,
  type MatrixLike,
  type OptionNames,
  POSITIVE_COUNT,
  readJson,
} from '@serial-oe/foundation';
import { JSON_VERSION, readRows, rowsOf } from './detector-json';
import { nearestRows } from './nearest-rows';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';
import { queryMatrix, trainingMatrix } from './training-matrix';

/** Options of `KNearestNeighbors`. */
export interface KNearestNeighborsOptions {
  /** Number of nearest training rows that count, at least 1. Default 5. */
  nNeighbors?: number;
  /** Their mean distance, or the largest. Default `'mean'`. */
  aggregation?: 'mean' | 'max';
}

const WHERE = 'detectors.KNearestNeighbors';
const KIND = 'kNearestNeighbors';
const OPTIONS: OptionNames<KNearestNeighborsOptions> = { nNeighbors: true, aggregation: true };
const AGGREGATIONS = ['mean', 'max'] as const;

/** A fitted `KNearestNeighbors`. */
export interface KNearestNeighborsJSON extends DetectorJSON {
  kind: typeof KIND;
  nNeighbors: number;
  aggregation: 'mean' | 'max';
  /** The training rows. */
  rows: number[][];
}

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

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: KNearestNeighborsOptions = {}) {
    checkOptions(WHERE, options, OPTIONS);
    const { nNeighbors = 5, aggregation = 'mean' } = options;
    checkNumber(`${WHERE}: nNeighbors`, nNeighbors, POSITIVE_COUNT);
    checkOneOf(`${WHERE}: aggregation`, aggregation, AGGREGATIONS);
    this.#options = { nNeighbors, aggregation };
  }

  /** The detector out of what {@link toJSON} made, or its text. @throws RangeError or TypeError that names the field. */
  static fromJSON(json: KNearestNeighborsJSON | string): KNearestNeighbors {
    const where = `${WHERE}.fromJSON`;
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const nNeighbors = checkNumber(`${where}: json.nNeighbors`, fields.nNeighbors, POSITIVE_COUNT);
    const aggregation = checkOneOf(`${where}: json.aggregation`, fields.aggregation, AGGREGATIONS);
    const detector = new KNearestNeighbors({ nNeighbors, aggregation });
    detector.#rows = readRows(where, fields.rows, nNeighbors);
    return detector;
  }

  /** @throws RangeError or TypeError for another X than a finite matrix, or one of fewer rows than nNeighbors. */
  fit(X: MatrixLike): this {
    const { nNeighbors } = this.#options;
    this.#rows = trainingMatrix(`${WHERE}.fit: X`, X, nNeighbors);
    return this;
  }

  /** @throws NotFittedError before `fit`. */
  toJSON(): KNearestNeighborsJSON {
    const rows = rowsOf(fitted(`${WHERE}.toJSON`, this.#rows));
    return { kind: KIND, version: JSON_VERSION, ...this.#options, rows };
  }

  /** Minus the distance, `[nRows]`, at most 0, in the unit of the data. @throws NotFittedError before `fit`. */
  scoreSamples(X: MatrixLike): Float64Array {
    const where = `${WHERE}.scoreSamples`;
    const rows = fitted(where, this.#rows);
    const queries = queryMatrix(where, X, rows.nCols);
    const { nNeighbors, aggregation } = this.#options;
    const { distances } = nearestRows(queries, rows, { k: nNeighbors });
    return Float64Array.from({ length: queries.nRows }, (_, i) => {
      const near = distances.subarray(i * nNeighbors, (i + 1) * nNeighbors);
      if (aggregation === 'max') return 0 - near[nNeighbors - 1]!;
      return 0 - near.reduce((sum, distance) => sum + distance, 0) / nNeighbors;
    });
  }
}
