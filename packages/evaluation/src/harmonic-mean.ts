/** n / sum(1 / x); its limit 0 where a value is 0, since 1 / 0 is Infinity; null of none. */
export function harmonicMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.length / values.reduce((sum, value) => sum + 1 / value, 0);
}
