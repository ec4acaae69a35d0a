/**
 * Quantile of sorted values, linear between order statistics as NumPy's default; the level is clamped to [0, 1]
 * against rounding.
 */
export function quantile(sorted: Float64Array, level: number): number {
  const position = Math.min(1, Math.max(0, level)) * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}
