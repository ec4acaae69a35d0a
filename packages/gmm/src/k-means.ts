import type { Matrix } from '@serial-oe/foundation';
import { kMeansPlusPlus } from './k-means-plus-plus';
import { squaredDistance } from './squared-distance';

/** scikit-learn's `KMeans`: iterations at most, and the centre shift that ends them, in mean column variances. */
const MAX_ITERATIONS = 300;
const RELATIVE_TOLERANCE = 1e-4;

/**
 * Cluster of each row by k-means: greedy k-means++, then Lloyd's iteration until no label changes or the squared shift
 * of the centres is at most 1e-4 times the mean variance of the columns. A cluster that runs empty takes the row that
 * is farthest from its centre.
 *
 * @param x at least k distinct rows.
 * @returns `[nRows]`, labels from 0 to k - 1, none of them unused.
 */
export function kMeans(x: Matrix, k: number, random: () => number): Int32Array {
  const centers = new Float64Array(k * x.nCols);
  kMeansPlusPlus(x, k, random).forEach((row, c) => {
    centers.set(x.data.subarray(row * x.nCols, (row + 1) * x.nCols), c * x.nCols);
  });
  const tolerance = RELATIVE_TOLERANCE * meanVariance(x);
  let labels = assign(x, centers, k);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const shift = moveCenters(x, labels, centers);
    const next = assign(x, centers, k);
    const isSettled = shift <= tolerance || next.every((label, i) => label === labels[i]);
    labels = next;
    if (isSettled) break;
  }
  return labels;
}

/** Nearest centre of each row; empty clusters are filled. */
function assign(x: Matrix, centers: Float64Array, k: number): Int32Array {
  const points = Array.from({ length: k }, (_, c) => centers.subarray(c * x.nCols, (c + 1) * x.nCols));
  const labels = new Int32Array(x.nRows);
  const distances = new Float64Array(x.nRows);
  const sizes = new Int32Array(k);
  for (let i = 0; i < x.nRows; i++) {
    let best = Infinity;
    let label = 0;
    for (let c = 0; c < k; c++) {
      const distance = squaredDistance(x, i, points[c]!);
      if (distance < best) {
        best = distance;
        label = c;
      }
    }
    labels[i] = label;
    distances[i] = best;
    sizes[label]!++;
  }
  sizes.forEach((size, c) => {
    if (size === 0) fillCluster(c, { labels, distances, sizes });
  });
  return labels;
}

interface Clustering {
  /** Cluster of each row. */
  labels: Int32Array;
  /** Squared distance of each row to its centre. */
  distances: Float64Array;
  /** Rows of each cluster. */
  sizes: Int32Array;
}

/** Moves the farthest row out of a cluster that keeps others; there is one, as k <= nRows. */
function fillCluster(cluster: number, { labels, distances, sizes }: Clustering): void {
  let farthest = -1;
  for (let i = 0; i < labels.length; i++) {
    const isFarther = farthest < 0 || distances[i]! > distances[farthest]!;
    if (sizes[labels[i]!]! > 1 && isFarther) farthest = i;
  }
  sizes[labels[farthest]!]!--;
  labels[farthest] = cluster;
  distances[farthest] = 0;
  sizes[cluster]!++;
}

/** Puts each centre at the mean of its rows. @returns the sum of the squared shifts. */
function moveCenters({ data, nRows, nCols }: Matrix, labels: Int32Array, centers: Float64Array): number {
  const k = centers.length / nCols;
  const sums = new Float64Array(k * nCols);
  const sizes = new Int32Array(k);
  for (let i = 0; i < nRows; i++) {
    const to = labels[i]! * nCols;
    sizes[labels[i]!]!++;
    for (let j = 0; j < nCols; j++) sums[to + j]! += data[i * nCols + j]!;
  }
  let shift = 0;
  for (let c = 0; c < k; c++) {
    for (let j = c * nCols; j < (c + 1) * nCols; j++) {
      const center = sums[j]! / sizes[c]!;
      shift += (center - centers[j]!) ** 2;
      centers[j] = center;
    }
  }
  return shift;
}

function meanVariance({ data, nRows, nCols }: Matrix): number {
  const mean = new Float64Array(nCols);
  for (let i = 0; i < data.length; i += nCols) {
    for (let j = 0; j < nCols; j++) mean[j]! += data[i + j]! / nRows;
  }
  let total = 0;
  for (let i = 0; i < data.length; i += nCols) {
    for (let j = 0; j < nCols; j++) total += (data[i + j]! - mean[j]!) ** 2;
  }
  return total / data.length;
}
