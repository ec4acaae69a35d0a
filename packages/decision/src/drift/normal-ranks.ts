import { quantile } from '@serial-oe/foundation';
import { normalQuantile } from '../distributions/normal';

/** More reference values than that are kept as that many quantiles: they tell a rank as well, and state stays small. */
const MOST_KEPT = 200;

/** Ascending; at most 200 quantiles of the values. */
export function keptReference(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length <= MOST_KEPT) return sorted;
  return Float64Array.from({ length: MOST_KEPT }, (_, i) => quantile(sorted, (i + 0.5) / MOST_KEPT));
}

/** Normal quantiles of all ranks among n values, in halves: of 2 n_below + n_equal. */
export function rankQuantiles(n: number): Float64Array {
  return Float64Array.from({ length: 2 * n + 1 }, (_, i) => -normalQuantile((i / 2 + 0.5) / (n + 1)));
}

/** 2 n_below + n_equal of a value among ascending ones. */
export function doubleRank(sorted: Float64Array, value: number): number {
  return firstFrom(sorted, (each) => each >= value) + firstFrom(sorted, (each) => each > value);
}

/** The first index from which on a condition holds. */
function firstFrom(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
