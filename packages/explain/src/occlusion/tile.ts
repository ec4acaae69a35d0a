/** A part of the difference between a normal sound and the clip, from sample `start` on. */
export interface Tile {
  start: number;
  samples: Float32Array;
}

/** Length of the fade from one segment into the next, seconds. */
const FADE_SECONDS = 0.064;

/** First samples of `nSegments` segments of equal length, and the clip's end, `[nSegments + 1]`. */
export function segmentEdges(length: number, nSegments: number): number[] {
  return Array.from({ length: nSegments + 1 }, (_, i) => Math.round((i * length) / nSegments));
}

/** The part between two edges, faded in and out around them but at the ends of the clip; all parts add up to the whole. */
export function segmentTile(
  difference: Float32Array,
  { from, to }: { from: number; to: number },
  sampleRate: number,
): Tile {
  const half = Math.round((FADE_SECONDS / 2) * sampleRate);
  const start = Math.max(0, from - half);
  const end = Math.min(difference.length, to + half);
  const samples = difference.slice(start, end);
  for (let i = 0; i < samples.length; i++) {
    const at = start + i;
    const fadeIn = from === 0 ? 1 : (at - from + half) / (2 * half);
    const fadeOut = to === difference.length ? 1 : (to + half - at) / (2 * half);
    const gain = Math.min(1, fadeIn, fadeOut);
    if (gain < 1) samples[i] = samples[i]! * gain;
  }
  return { start, samples };
}

/** `sound` + `sign` x the tile, a new array. */
export function withTile(sound: Float32Array, { start, samples }: Tile, sign: 1 | -1): Float32Array {
  const out = sound.slice();
  for (let i = 0; i < samples.length; i++) out[start + i] = out[start + i]! + sign * samples[i]!;
  return out;
}
