/** The share of scores below a score, in (0, 1): (n_below + n_equal / 2 + 1/2) / (n + 1). */
export function percentile(score: number, scores: Float64Array): number {
  let below = 0;
  let equal = 0;
  for (const each of scores) {
    if (each < score) below++;
    else if (each === score) equal++;
  }
  return (below + equal / 2 + 0.5) / (scores.length + 1);
}
