import {
  AT_LEAST_ZERO,
  checkNumber,
  checkOptions,
  fitted,
  type Matrix,
  type MatrixLike,
  type NumberRule,
  type OptionNames,
  POSITIVE_COUNT,
  readJson,
} from '@serial-oe/foundation';
import { JSON_VERSION, readNumbers, readRows, rowsOf } from './detector-json';
import { type NearestRows, nearestRows } from './nearest-rows';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';
import { queryMatrix, trainingMatrix } from './training-matrix';

/** Options of `LocalOutlierFactor`. */
export interface LocalOutlierFactorOptions {
  /** Number of neighbours, at least 1; of fewer training rows all others are taken, as scikit-learn does. Default 20. */
  nNeighbors?: number;
}

interface FittedState {
  rows: Matrix;
  nNeighbors: number;
  /** Distance of each row to its farthest neighbour, `[nRows]`. */
  kDistances: Float64Array;
  /** Local reachability density of each row, `[nRows]`. */
  densities: Float64Array;
}

/** Keeps the density of rows with enough duplicates finite; scikit-learn's value. */
const REACHABILITY_FLOOR = 1e-10;

const WHERE = 'detectors.LocalOutlierFactor';
const KIND = 'localOutlierFactor';
const OPTIONS: OptionNames<LocalOutlierFactorOptions> = { nNeighbors: true };
const LEAST_ROWS = 2;
/** Densities are at most 1 / REACHABILITY_FLOOR. */
const DENSITY: NumberRule = {
  isValid: (x) => x > 0 && x <= 1 / REACHABILITY_FLOOR,
  rule: `be above 0 and at most ${1 / REACHABILITY_FLOOR}`,
};

/** A fitted `LocalOutlierFactor`. */
export interface LocalOutlierFactorJSON extends DetectorJSON {
  kind: typeof KIND;
  nNeighbors: number;
  /** The training rows. */
  rows: number[][];
  /** Distance of each row to its farthest neighbour. */
  kDistances: number[];
  /** Local reachability density of each row. */
  densities: number[];
}

/**
 * Local outlier factor of new rows: how much thinner the training rows lie around a row than around its neighbours.
 * scikit-learn's `LocalOutlierFactor(novelty=True)`. Keeps all training rows.
 *
 * @see M. M. Breunig, H.-P. Kriegel, R. T. Ng, J. Sander, "LOF: Identifying Density-Based Local Outliers", SIGMOD 2000.
 */
export class LocalOutlierFactor implements OutlierDetector {
  readonly #nNeighbors: number;
  #state: FittedState | undefined;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: LocalOutlierFactorOptions = {}) {
    checkOptions(WHERE, options, OPTIONS);
    const { nNeighbors = 20 } = options;
    this.#nNeighbors = checkNumber(`${WHERE}: nNeighbors`, nNeighbors, POSITIVE_COUNT);
  }

  /** The detector out of what {@link toJSON} made, or its text. @throws RangeError or TypeError that names the field. */
  static fromJSON(json: LocalOutlierFactorJSON | string): LocalOutlierFactor {
    const where = `${WHERE}.fromJSON`;
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const nNeighbors = checkNumber(`${where}: json.nNeighbors`, fields.nNeighbors, POSITIVE_COUNT);
    const detector = new LocalOutlierFactor({ nNeighbors });
    const rows = readRows(where, fields.rows, LEAST_ROWS);
    const read = (name: 'kDistances' | 'densities', rule: NumberRule) =>
      readNumbers(`${where}: json.${name}`, fields[name], { length: rows.nRows, rule });
    detector.#state = {
      rows,
      nNeighbors: Math.min(nNeighbors, rows.nRows - 1),
      kDistances: read('kDistances', AT_LEAST_ZERO),
      densities: read('densities', DENSITY),
    };
    return detector;
  }

  /** @throws RangeError or TypeError for another X than a finite matrix of at least 2 rows. */
  fit(X: MatrixLike): this {
    const rows = trainingMatrix(`${WHERE}.fit: X`, X, LEAST_ROWS);
    const nNeighbors = Math.min(this.#nNeighbors, rows.nRows - 1);
    const near = nearestRows(rows, rows, { k: nNeighbors });
    const kDistances = Float64Array.from(
      { length: rows.nRows },
      (_, i) => near.distances[(i + 1) * nNeighbors - 1]!,
    );
    const densities = reachabilityDensities(near, kDistances, nNeighbors);
    this.#state = { rows, nNeighbors, kDistances, densities };
    return this;
  }

  /** @throws NotFittedError before `fit`. */
  toJSON(): LocalOutlierFactorJSON {
    const { rows, kDistances, densities } = fitted(`${WHERE}.toJSON`, this.#state);
    return {
      kind: KIND,
      version: JSON_VERSION,
      nNeighbors: this.#nNeighbors,
      rows: rowsOf(rows),
      kDistances: Array.from(kDistances),
      densities: Array.from(densities),
    };
  }

  /**
   * Minus the factor, `[nRows]`: about -1 where a row lies as densely as its neighbours, lower for outliers. X are new
   * rows; one that equals a training row counts it among its neighbours.
   *
   * @throws NotFittedError before `fit`.
   */
  scoreSamples(X: MatrixLike): Float64Array {
    const where = `${WHERE}.scoreSamples`;
    const { rows, nNeighbors, kDistances, densities } = fitted(where, this.#state);
    const queries = queryMatrix(where, X, rows.nCols);
    const near = nearestRows(queries, rows, { k: nNeighbors });
    return reachabilityDensities(near, kDistances, nNeighbors).map((density, i) => {
      const neighbors = near.indices.subarray(i * nNeighbors, (i + 1) * nNeighbors);
      return -neighbors.reduce((sum, neighbor) => sum + densities[neighbor]! / density, 0) / nNeighbors;
    });
  }
}

/** One over the mean of max(distance to a neighbour, the neighbour's own k-distance). */
function reachabilityDensities(
  { distances, indices }: NearestRows,
  kDistances: Float64Array,
  nNeighbors: number,
): Float64Array {
  return Float64Array.from({ length: distances.length / nNeighbors }, (_, i) => {
    let sum = 0;
    for (let at = i * nNeighbors; at < (i + 1) * nNeighbors; at++) {
      sum += Math.max(distances[at]!, kDistances[indices[at]!]!);
    }
    return 1 / (sum / nNeighbors + REACHABILITY_FLOOR);
  });
}
