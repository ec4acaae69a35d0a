import type { BandImportance, OcclusionMap, SegmentImportance } from './occlusion-types';

/** Of the peak's importance, what a neighbour needs to belong to it. */
const NEIGHBOUR_SHARE = 0.5;
/** Of the mean importance of all segments, above which one stands out. */
const STANDS_OUT = 2;

/** Index of the most important part. */
export function strongest(parts: readonly { importance: number }[]): number {
  return parts.reduce((best, { importance }, i) => (importance > parts[best]!.importance ? i : best), 0);
}

/** Whether the strongest segment is stronger than the mean of all by a factor of two. */
export function standsOut(importance: readonly number[]): boolean {
  const total = importance.reduce((sum, value) => sum + Math.max(0, value), 0);
  return Math.max(...importance) * importance.length > STANDS_OUT * total;
}

/** The map of bands and segments, and its peak. */
export function mapWithPeak(
  segments: readonly SegmentImportance[],
  bands: readonly BandImportance[],
  isThroughout: boolean,
): Pick<OcclusionMap, 'map' | 'peak' | 'mainPart'> {
  const shares = sharesOf(segments, isThroughout);
  const data = bands.flatMap(({ importance }) => shares.map((share) => share * importance + 0)); // + 0: JSON knows no -0
  const [segment, band] = [strongest(segments), strongest(bands)];
  const [{ time, endTime }, { fLow, fHigh }] = [segments[segment]!, bands[band]!];
  const importance = data[band * segments.length + segment]!;
  const [firstBand, lastBand] = mainRun(bands);
  const [first, last] = isThroughout ? [segments[0]!, segments.at(-1)!] : mainRun(segments);
  return {
    map: { data, nBands: bands.length, nSegments: segments.length },
    peak: { fLow, fHigh, time, endTime, importance },
    mainPart: { fLow: firstBand.fLow, fHigh: lastBand.fHigh, time: first.time, endTime: last.endTime },
  };
}

/** `[nSegments]`: of the strongest segment's importance, or of all segments' where the bands were measured over all of them. */
function sharesOf(segments: readonly SegmentImportance[], isThroughout: boolean): number[] {
  const positive = segments.map(({ importance }) => Math.max(0, importance));
  const whole = isThroughout ? positive.reduce((sum, x) => sum + x, 0) : Math.max(...positive);
  if (whole > 0) return positive.map((importance) => importance / whole);
  return positive.map(() => 1 / positive.length); // no segment adds to the score: nothing is known of time
}

/** The first and the last of the unbroken neighbours of the most important part that come near it. */
function mainRun<Part extends { importance: number }>(parts: readonly Part[]): [first: Part, last: Part] {
  const at = strongest(parts);
  const least = NEIGHBOUR_SHARE * parts[at]!.importance;
  const isNear = (part: Part | undefined) =>
    part !== undefined && part.importance > 0 && part.importance >= least;
  let [first, last] = [at, at];
  while (isNear(parts[first - 1])) first--;
  while (isNear(parts[last + 1])) last++;
  return [parts[first]!, parts[last]!];
}
