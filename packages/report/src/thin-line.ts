/** Points that a pixel column keeps: the first, the lowest, the highest and the last. */
const KEPT_PER_COLUMN = 4;

/**
 * Fewer points for the same picture: of each pixel column of a line that runs to the right, the first, lowest, highest
 * and last point. A line that is short already, or that turns back, keeps all its points.
 *
 * @param points `[x, y]` in drawing order.
 * @param raster columns that the line spans, and whether x is drawn on a logarithmic axis.
 */
export function thinLine(
  points: readonly [number, number][],
  { nColumns, isLog }: { nColumns: number; isLog: boolean },
): [number, number][] {
  const runsRight = points.every(([x], i) => i === 0 || x >= points[i - 1]![0]);
  if (points.length <= KEPT_PER_COLUMN * nColumns || !runsRight) return points.slice();
  const position = isLog ? Math.log : (x: number) => x;
  const start = position(points[0]![0]);
  const span = position(points.at(-1)![0]) - start;
  const column = (i: number) => Math.floor(((position(points[i]![0]) - start) / span) * nColumns);
  const kept: [number, number][] = [];
  let first = 0;
  for (let i = 1; i <= points.length; i++) {
    if (i < points.length && column(i) === column(first)) continue;
    kept.push(...columnExtremes(points, first, i - 1));
    first = i;
  }
  return kept;
}

function columnExtremes(
  points: readonly [number, number][],
  first: number,
  last: number,
): [number, number][] {
  let lowest = first;
  let highest = first;
  for (let i = first + 1; i <= last; i++) {
    if (points[i]![1] < points[lowest]![1]) lowest = i;
    if (points[i]![1] > points[highest]![1]) highest = i;
  }
  const indices = Array.from(new Set([first, lowest, highest, last])).sort((a, b) => a - b);
  return indices.map((i) => points[i]!);
}
