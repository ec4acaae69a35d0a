/** A matrix divided by its largest absolute value, so that no squared distance of its rows over- or underflows. */
export function unitScale<T extends { data: Float64Array }>(points: T): T {
  let largest = 0;
  for (const value of points.data) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? points : { ...points, data: points.data.map((value) => value / largest) };
}
