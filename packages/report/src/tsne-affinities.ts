import type { Matrix } from '@serial-oe/foundation';

/** Accepted error of a row's entropy, nats; scikit-learn's. */
const ENTROPY_TOLERANCE = 1e-5;

/** Doublings and halvings of the search; far beyond what finite distances need. */
const MAX_SEARCH_STEPS = 200;

/**
 * Joint neighbour probabilities of t-SNE: p_ij = (p_j|i + p_i|j) / (2 n), where p_j|i falls off as a Gaussian around
 * point i whose width gives the row the wanted perplexity.
 *
 * @returns the pairs i < j, row after row, n (n - 1) / 2 values; twice their sum is 1.
 */
export function jointProbabilities(points: Readonly<Matrix>, perplexity: number): Float64Array {
  const n = points.nRows;
  const matrix = squaredDistances(points); // [n, n], each row is replaced by its conditional probabilities
  const targetEntropy = Math.log(perplexity);
  for (let i = 0; i < n; i++) toConditional(matrix.subarray(i * n, (i + 1) * n), i, targetEntropy);
  const joint = new Float64Array((n * (n - 1)) / 2);
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) joint[pair++] = (matrix[i * n + j]! + matrix[j * n + i]!) / (2 * n);
  }
  return joint;
}

/** By differences, not by inner products: equal points get exactly 0 and no digits cancel. */
function squaredDistances({ data, nRows, nCols }: Readonly<Matrix>): Float64Array {
  const distances = new Float64Array(nRows * nRows);
  for (let i = 0; i < nRows; i++) {
    for (let j = i + 1; j < nRows; j++) {
      let sum = 0;
      for (let k = 0; k < nCols; k++) {
        const difference = data[i * nCols + k]! - data[j * nCols + k]!;
        sum += difference * difference;
      }
      distances[i * nRows + j] = sum;
      distances[j * nRows + i] = sum;
    }
  }
  return distances;
}

/**
 * Replaces the squared distances of a row by p_j proportional to exp(-beta d_j), beta found by bisection. Where more
 * points coincide with point i than the perplexity asks for, no beta reaches the entropy: they share the row evenly.
 */
function toConditional(row: Float64Array, self: number, targetEntropy: number): void {
  let nearest = Infinity;
  let sumOfDistances = 0;
  row.forEach((distance, j) => {
    if (j === self) return;
    nearest = Math.min(nearest, distance);
    sumOfDistances += distance;
  });
  const excess = row.map((distance) => distance - nearest); // exp never underflows for the nearest
  excess[self] = Infinity;
  const meanExcess = sumOfDistances / (row.length - 1) - nearest;
  let beta = meanExcess > 0 ? 1 / meanExcess : 1;
  let low = 0;
  let high = Infinity;
  for (let step = 0; step < MAX_SEARCH_STEPS; step++) {
    const difference = fillGaussian(row, excess, beta) - targetEntropy;
    if (Math.abs(difference) <= ENTROPY_TOLERANCE || meanExcess === 0) break;
    if (difference > 0) low = beta;
    else high = beta;
    beta = high === Infinity ? beta * 2 : (low + high) / 2;
  }
}

/** Fills the row with normalised exp(-beta excess) and returns its entropy, log(sum) + beta E[excess], nats. */
function fillGaussian(row: Float64Array, excess: Float64Array, beta: number): number {
  let sum = 0;
  let weighted = 0;
  for (let j = 0; j < row.length; j++) {
    const value = Math.exp(-beta * excess[j]!); // 0 for the point itself
    row[j] = value;
    sum += value;
    if (value > 0) weighted += value * excess[j]!;
  }
  for (let j = 0; j < row.length; j++) row[j]! /= sum;
  return Math.log(sum) + (beta * weighted) / sum;
}
