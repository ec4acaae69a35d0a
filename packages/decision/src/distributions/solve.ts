/** Enough halvings to reach float64 resolution from any bracket. */
const N_HALVINGS = 200;

/** What {@link solveDecreasing} searches. */
export interface Bracket {
  low: number;
  high: number;
}

/**
 * Where a function that never increases falls to 0 or below, by bisection: the upper end of the last bracket.
 *
 * @param value positive at `low`, not positive at `high`, which is not checked
 */
export function solveDecreasing(value: (x: number) => number, { low, high }: Bracket): number {
  let above = low;
  let below = high;
  for (let i = 0; i < N_HALVINGS; i++) {
    const middle = above + (below - above) / 2;
    if (middle === above || middle === below) break;
    if (value(middle) > 0) above = middle;
    else below = middle;
  }
  return below;
}
