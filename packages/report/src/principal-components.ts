import { drawNormal, type Matrix } from '@serial-oe/foundation';

/** Rounds of subspace iteration; a start needs no more digits than these give. */
const N_ROUNDS = 100;

/** Directions with less than this share of the first deviation are rounding, not spread. */
const RANK_TOLERANCE = 1e-9;

/**
 * Coordinates of points along their first two principal axes, by subspace iteration on the centred data.
 *
 * @returns `scores`, row-major `[nRows, 2]`, and the standard deviations along both axes, 0 where there is no spread.
 */
export function principalComponents(
  { data, nRows, nCols }: Readonly<Matrix>,
  random: () => number,
): { scores: Float64Array; deviations: [number, number] } {
  const centered = { data: center(data, nRows, nCols), nRows, nCols };
  const axes = [0, 1].map(() => Float64Array.from({ length: nCols }, () => drawNormal(random)));
  const [first, second] = axes as [Float64Array, Float64Array];
  orthonormalize(first, second);
  for (let round = 0; round < N_ROUNDS; round++) {
    for (const axis of axes) multiplyCovariance(centered, axis);
    orthonormalize(first, second);
  }
  const scores = new Float64Array(2 * nRows);
  for (let i = 0; i < nRows; i++) {
    for (let k = 0; k < nCols; k++) {
      const value = centered.data[i * nCols + k]!;
      scores[2 * i]! += value * first[k]!;
      scores[2 * i + 1]! += value * second[k]!;
    }
  }
  const deviations = [deviation(scores, 0), deviation(scores, 1)] as [number, number];
  if (deviations[1] <= RANK_TOLERANCE * deviations[0]) deviations[1] = 0;
  return { scores, deviations };
}

function center(data: Float64Array, nRows: number, nCols: number): Float64Array {
  const means = new Float64Array(nCols);
  data.forEach((value, index) => {
    means[index % nCols]! += value / nRows;
  });
  return data.map((value, index) => value - means[index % nCols]!);
}

/** axis <- X^T (X axis), in place. */
function multiplyCovariance({ data, nRows, nCols }: Readonly<Matrix>, axis: Float64Array): void {
  const result = new Float64Array(nCols);
  for (let i = 0; i < nRows; i++) {
    let score = 0;
    for (let k = 0; k < nCols; k++) score += data[i * nCols + k]! * axis[k]!;
    for (let k = 0; k < nCols; k++) result[k]! += data[i * nCols + k]! * score;
  }
  axis.set(result);
}

/** Makes both unit vectors at right angles; one without length becomes zero. */
function orthonormalize(first: Float64Array, second: Float64Array): void {
  normalize(first);
  let overlap = 0;
  first.forEach((value, k) => {
    overlap += value * second[k]!;
  });
  first.forEach((value, k) => {
    second[k]! -= overlap * value;
  });
  normalize(second);
}

function normalize(vector: Float64Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length === 0) return;
  for (let k = 0; k < vector.length; k++) vector[k]! /= length;
}

function deviation(scores: Float64Array, axis: number): number {
  let squares = 0;
  for (let i = axis; i < scores.length; i += 2) squares += scores[i]! ** 2;
  return Math.sqrt(squares / (scores.length / 2));
}
