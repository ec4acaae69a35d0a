/** How many scores are above a threshold. */
export function countAbove(scores: Float64Array, threshold: number): number {
  return scores.reduce((count, score) => (score > threshold ? count + 1 : count), 0);
}
