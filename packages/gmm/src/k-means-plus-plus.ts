import type { Matrix } from '@serial-oe/foundation';
import { squaredDistance } from './squared-distance';

/**
 * Rows of X to start clusters from, by greedy k-means++: the first uniform, each next one the best of
 * 2 + floor(log k) candidates drawn with a probability proportional to the squared distance to the nearest row chosen
 * so far, best being the one that leaves the smallest sum of these distances.
 *
 * @param x at least k distinct rows.
 * @param random uniform in [0, 1).
 * @returns k indices of rows; no two rows are equal, unless their squared distances underflow.
 * @see D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; the number of
 *   candidates is scikit-learn's.
 */
export function kMeansPlusPlus(x: Matrix, k: number, random: () => number): number[] {
  const nCandidates = 2 + Math.floor(Math.log(k));
  const chosen = [Math.floor(random() * x.nRows)];
  let nearest = distancesTo(x, chosen[0]!);
  while (chosen.length < k) {
    let best: { row: number; distances: Float64Array; potential: number } | undefined;
    for (let trial = 0; trial < nCandidates; trial++) {
      const row = drawByWeight(nearest, random());
      const distances = distancesTo(x, row);
      for (let i = 0; i < x.nRows; i++) distances[i] = Math.min(distances[i]!, nearest[i]!);
      const potential = sum(distances);
      if (best === undefined || potential < best.potential) best = { row, distances, potential };
    }
    chosen.push(best!.row);
    nearest = best!.distances;
  }
  return chosen;
}

function distancesTo(x: Matrix, row: number): Float64Array {
  const point = x.data.subarray(row * x.nCols, (row + 1) * x.nCols);
  return Float64Array.from({ length: x.nRows }, (_, i) => squaredDistance(x, i, point));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** First index at which the running sum exceeds uniform * total: its weight is never 0 where any is not. */
function drawByWeight(weights: Float64Array, uniform: number): number {
  const target = uniform * sum(weights);
  let running = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    running += weights[i]!;
    last = i;
    if (running > target) break;
  }
  return last;
}
