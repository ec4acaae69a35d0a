import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  fitted,
  type Matrix,
  type MatrixLike,
  type OptionNames,
  POSITIVE_COUNT,
  readJson,
} from '@serial-oe/foundation';
import { JSON_VERSION, readNumbers, readRows, rowsOf } from './detector-json';
import { forEachDistanceBlock } from './distance-blocks';
import { nearestRows } from './nearest-rows';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';
import { queryMatrix, trainingMatrix } from './training-matrix';

/** Options of `DensityNormalizedNeighbors`. */
export interface DensityNormalizedNeighborsOptions {
  /** K: neighbours that tell how densely a training row lies, at least 1; of fewer training rows all others. Default 5. */
  nNeighbors?: number;
}

interface FittedState {
  rows: Matrix;
  /** Mean distance of each row to its nearest others, `[nRows]`. */
  localDistances: Float64Array;
}

const WHERE = 'detectors.DensityNormalizedNeighbors';
const KIND = 'densityNormalizedNeighbors';
const OPTIONS: OptionNames<DensityNormalizedNeighborsOptions> = { nNeighbors: true };
const LEAST_ROWS = 2;

/** A fitted `DensityNormalizedNeighbors`. */
export interface DensityNormalizedNeighborsJSON extends DetectorJSON {
  kind: typeof KIND;
  nNeighbors: number;
  /** The training rows. */
  rows: number[][];
  /** Mean distance of each row to its nearest others. */
  localDistances: number[];
}

/**
 * Distance to the nearest training row, in units of how far that row's own neighbours are: where training rows lie
 * densely, a small distance is anomalous already. For training rows y_1 .. y_n and the Euclidean distance d,
 *
 *     anomaly score of x = min over j of  d(x, y_j) / ((1 / K) * sum over k = 1 .. K of d(y_j, y_j(k)))
 *
 * with y_j(k) the k-th nearest training row to y_j. The minimum is over the ratios, so that the row that wins need not
 * be the nearest. Rows at distance 0 are not neighbours: copies of a row, as the row itself, say nothing about how densely
 * others lie, and a ratio to 0 would be no number. Keeps all training rows.
 *
 * The ratio form by K nearest neighbours, after Wilkinghoff et al.; leaving out rows at distance 0 is ours. Where the
 * direction of an embedding alone counts, scale the rows to length 1.
 *
 * @see K. Wilkinghoff, H. Yang, J. Ebbers, F. G. Germain, G. Wichern, J. Le Roux, "Local Density-Based Anomaly Score
 *   Normalization for Domain Generalization", arXiv 2509.10951 (2025).
 * @example
 * const detector = new DensityNormalizedNeighbors({ nNeighbors: 1 }).fit([[0], [1], [10], [14]]);
 * detector.scoreSamples([[2], [12]]); // [-1, -0.5]: 1 off where rows are 1 apart, 2 off where they are 4 apart
 */
export class DensityNormalizedNeighbors implements OutlierDetector {
  readonly #nNeighbors: number;
  #state: FittedState | undefined;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: DensityNormalizedNeighborsOptions = {}) {
    checkOptions(WHERE, options, OPTIONS);
    const { nNeighbors = 5 } = options;
    this.#nNeighbors = checkNumber(`${WHERE}: nNeighbors`, nNeighbors, POSITIVE_COUNT);
  }

  /** The detector out of what {@link toJSON} made, or its text. @throws RangeError or TypeError that names the field. */
  static fromJSON(json: DensityNormalizedNeighborsJSON | string): DensityNormalizedNeighbors {
    const where = `${WHERE}.fromJSON`;
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const nNeighbors = checkNumber(`${where}: json.nNeighbors`, fields.nNeighbors, POSITIVE_COUNT);
    const detector = new DensityNormalizedNeighbors({ nNeighbors });
    const rows = readRows(where, fields.rows, LEAST_ROWS);
    const localDistances = readNumbers(`${where}: json.localDistances`, fields.localDistances, {
      length: rows.nRows,
      rule: ABOVE_ZERO,
    });
    detector.#state = { rows, localDistances };
    return detector;
  }

  /** @throws RangeError or TypeError for another X than a finite matrix of at least 2 rows that are not all equal. */
  fit(X: MatrixLike): this {
    const where = `${WHERE}.fit: X`;
    const rows = trainingMatrix(where, X, LEAST_ROWS);
    const nNeighbors = Math.min(this.#nNeighbors, rows.nRows - 1);
    const { distances } = nearestRows(rows, rows, { k: nNeighbors, isApart: true });
    const localDistances = Float64Array.from({ length: rows.nRows }, (_, i) =>
      meanOfFinite(distances.subarray(i * nNeighbors, (i + 1) * nNeighbors)),
    );
    if (localDistances.some(Number.isNaN)) {
      throw new RangeError(
        `${where} must have rows that differ, got ${rows.nRows} equal ones. Fit on more data.`,
      );
    }
    this.#state = { rows, localDistances };
    return this;
  }

  /** @throws NotFittedError before `fit`. */
  toJSON(): DensityNormalizedNeighborsJSON {
    const { rows, localDistances } = fitted(`${WHERE}.toJSON`, this.#state);
    return {
      ...{ kind: KIND, version: JSON_VERSION, nNeighbors: this.#nNeighbors },
      rows: rowsOf(rows),
      localDistances: Array.from(localDistances),
    };
  }

  /**
   * Minus the ratio, `[nRows]`, at most 0 and without a unit: about -1 where a row is as far from a training row as that
   * row's neighbours are; 0 for a training row itself.
   *
   * @throws NotFittedError before `fit`.
   */
  scoreSamples(X: MatrixLike): Float64Array {
    const where = `${WHERE}.scoreSamples`;
    const { rows, localDistances } = fitted(where, this.#state);
    const queries = queryMatrix(where, X, rows.nCols);
    const ratios = new Float64Array(queries.nRows).fill(Infinity);
    forEachDistanceBlock({ queries, rows }, ({ firstQuery, nQueries, firstRow, nRows, squared, stride }) => {
      for (let i = 0; i < nQueries; i++) {
        let least = ratios[firstQuery + i]!;
        for (let j = 0; j < nRows; j++) {
          least = Math.min(least, Math.sqrt(squared[i * stride + j]!) / localDistances[firstRow + j]!);
        }
        ratios[firstQuery + i] = least;
      }
    });
    return ratios.map((ratio) => 0 - ratio);
  }
}

/** NaN where there is none. */
function meanOfFinite(distances: Float64Array): number {
  const found = distances.filter((distance) => distance < Infinity);
  return found.reduce((sum, distance) => sum + distance, 0) / found.length;
}
