/**
 * How the chunk scores of a clip become one score; M is the number of chunks.
 *
 * - `'upperHalfMean'`: mean of the ceil(M/2) largest (Serial-OE, Eq. 8: the scores above their median).
 * - `'lowerHalfMean'`: mean of the ceil(M/2) smallest (what averaging the largest log-likelihoods amounts to).
 * - `'mean'`, `'max'`, `'median'` (mean of the two middle scores where M is even).
 * - `{ upperQuantileMean: q }`: mean of the scores above the q-quantile, the ceil((1 - q) M) largest and at least
 *   one, for 0 <= q <= 1: q = 0 is the mean, 0.5 the upper half mean, 1 the maximum.
 */
export type AggregationMethod =
  | 'upperHalfMean'
  | 'lowerHalfMean'
  | 'mean'
  | 'max'
  | 'median'
  | { upperQuantileMean: number };

/** (1 - q) M is rounded up; an excess below this is rounding of 1 - q (as in (1 - 0.7) * 10), not another chunk. */
const COUNT_TOLERANCE = 1e-9;

/**
 * Reduces the anomaly scores of the chunks of one clip to the anomaly score of the clip.
 *
 * @param chunkScores `[nChunks]`, at least one, finite; higher is more anomalous. Order is irrelevant; not changed.
 * @param method default `'upperHalfMean'`, see {@link AggregationMethod}.
 * @returns the clip's anomaly score, in the unit of the chunk scores; float64 arithmetic.
 * @throws RangeError where there are no scores, one of them is NaN or infinite, or q is outside [0, 1];
 *   TypeError where the scores are not an array of numbers or the method is unknown.
 * @see Kuroyanagi et al., "Serial-OE", APSIPA Trans. Signal and Information Processing 14, e1 (2025), Eq. 8.
 * @example
 * aggregate([1, 9, 2, 8, 3]); // (9 + 8 + 3) / 3
 */
export function aggregate(
  chunkScores: ArrayLike<number>,
  method: AggregationMethod = 'upperHalfMean',
): number {
  const sorted = checkedScores(chunkScores).sort();
  const nChunks = sorted.length;
  const nHalf = Math.ceil(nChunks / 2);
  if (isQuantileMethod(method)) {
    return mean(sorted.subarray(nChunks - upperCount(nChunks, method.upperQuantileMean)));
  }
  switch (method) {
    case 'upperHalfMean':
      return mean(sorted.subarray(nChunks - nHalf));
    case 'lowerHalfMean':
      return mean(sorted.subarray(0, nHalf));
    case 'mean':
      return mean(sorted);
    case 'max':
      return sorted[nChunks - 1]!;
    case 'median':
      return mean(sorted.subarray(nHalf - 1, Math.floor(nChunks / 2) + 1));
    default:
      throw new TypeError(
        `aggregator.aggregate: method must be 'upperHalfMean', 'lowerHalfMean', 'mean', 'max', 'median' or ` +
          `{ upperQuantileMean: q }, got ${JSON.stringify(method) ?? String(method)}.`,
      );
  }
}

/** Of that one option, so that a misspelt one is not taken for it. */
function isQuantileMethod(method: AggregationMethod): method is { upperQuantileMean: number } {
  return typeof method === 'object' && method !== null && Object.keys(method).join() === 'upperQuantileMean';
}

function upperCount(nChunks: number, q: number): number {
  if (typeof q !== 'number' || !(q >= 0 && q <= 1)) {
    throw new RangeError(
      `aggregator.aggregate: upperQuantileMean must be a number from 0 (mean) to 1 (maximum), got ${String(q)}.`,
    );
  }
  return Math.max(1, Math.ceil((1 - q) * nChunks - COUNT_TOLERANCE));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** A float64 copy of the scores, so that sorting leaves the caller's array alone. */
function checkedScores(chunkScores: ArrayLike<number>): Float64Array {
  if (typeof chunkScores !== 'object' || chunkScores === null || !Number.isInteger(chunkScores.length)) {
    throw new TypeError(
      `aggregator.aggregate: chunkScores must be an array of numbers, got ${typeof chunkScores}.`,
    );
  }
  if (chunkScores.length === 0) {
    throw new RangeError(
      'aggregator.aggregate: chunkScores must hold at least one score, got none. Cut the clip into one chunk or more.',
    );
  }
  const copy = new Float64Array(chunkScores.length);
  for (let i = 0; i < copy.length; i++) {
    const score: unknown = chunkScores[i];
    if (typeof score !== 'number') {
      throw new TypeError(`aggregator.aggregate: chunkScores[${i}] must be a number, got ${typeof score}.`);
    }
    if (!Number.isFinite(score)) {
      throw new RangeError(
        `aggregator.aggregate: chunkScores[${i}] must be finite, got ${score}. ` +
          'Look at the audio or the detector that gave this score.',
      );
    }
    copy[i] = score;
  }
  return copy;
}
