/** The middle of the sorted values; of an even number of them the mean of the two in the middle. */
export function median(values) {
  if (values.length === 0) throw new RangeError('bench.median: values must hold at least one, got none.');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
}

/** Whether two values that were computed from the same input agree: |a - b| <= tolerance max(|a|, |b|). NaN never agrees. */
export function agree(a, b, tolerance) {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (divided by n - 1); NaN for fewer than 2 values. */
export function deviation(values) {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}
