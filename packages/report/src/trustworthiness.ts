import {
  checkNumber,
  checkOptions,
  type Matrix,
  type MatrixLike,
  type OptionNames,
  POSITIVE_COUNT,
  toMatrix,
} from '@serial-oe/foundation';
import { unitScale } from './unit-scale';

/** Options of {@link trustworthiness}. */
export interface TrustworthinessOptions {
  /** Neighbours of a point on the map that are looked at, below half the number of points. Default 5. */
  nNeighbors?: number;
}

const OPTIONS: OptionNames<TrustworthinessOptions> = { nNeighbors: true };

/**
 * How far a map's neighbours are neighbours among the embeddings too, 0 to 1: 1 where the `nNeighbors` nearest points of
 * each point on the map are its nearest ones in the embedding space; a random map gives about 0.5.
 *
 * 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_j max(0, r(i, j) - k), over the k nearest j of point i on the map, r(i, j) the
 * rank of j among the neighbours of i in the embedding space by Euclidean distance; of equally far points the one with
 * the lower index comes first.
 *
 * @param embeddings `[nPoints, nFeatures]`, finite.
 * @param map `[nPoints, nDimensions]`, finite; what {@link tsne} returns, for instance.
 * @throws RangeError for bad matrices, unequal numbers of points, or `nNeighbors` not below half of them.
 * @see J. Venna, S. Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001.
 */
export function trustworthiness(
  embeddings: MatrixLike,
  map: MatrixLike,
  options: TrustworthinessOptions = {},
): number {
  checkOptions('report.trustworthiness', options, OPTIONS);
  const { nNeighbors = 5 } = options;
  const points = unitScale(toMatrix('report.trustworthiness: embeddings', embeddings));
  const places = unitScale(toMatrix('report.trustworthiness: map', map));
  const n = points.nRows;
  const k = checkNumber('report.trustworthiness: nNeighbors', nNeighbors, POSITIVE_COUNT);
  if (places.nRows !== n) {
    throw new RangeError(
      `report.trustworthiness: map must have one row a point, ${n}, got ${places.nRows}. Map the same embeddings.`,
    );
  }
  if (k >= n / 2) {
    throw new RangeError(
      `report.trustworthiness: nNeighbors must be below half the number of points, got ${k} for ${n} points. Lower it.`,
    );
  }
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const distances = squaredDistances(points, i);
    for (const j of nearest(squaredDistances(places, i), k)) {
      penalty += Math.max(0, rankOf(j, distances) - k);
    }
  }
  return 1 - (2 * penalty) / (n * k * (2 * n - 3 * k - 1));
}

/** From one row to all rows; infinite to itself. */
function squaredDistances({ data, nRows, nCols }: Matrix, i: number) {
  return Float64Array.from({ length: nRows }, (_, j) => {
    if (j === i) return Infinity;
    let sum = 0;
    for (let d = 0; d < nCols; d++) sum += (data[i * nCols + d]! - data[j * nCols + d]!) ** 2;
    return sum;
  });
}

function nearest(distances: Float64Array, k: number): number[] {
  const indices = Array.from(distances, (_, j) => j);
  return indices.sort((a, b) => distances[a]! - distances[b]! || a - b).slice(0, k);
}

/** 1 for the nearest point. */
function rankOf(j: number, distances: Float64Array): number {
  const own = distances[j]!;
  let rank = 1;
  distances.forEach((distance, l) => {
    if (distance < own || (distance === own && l < j)) rank++;
  });
  return rank;
}
