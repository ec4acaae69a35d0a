/** Length of the stretches whose loudness is compared, seconds. */
const STEP_SECONDS = 0.05;
/** Power of a stretch below which it counts as silent, full scale = 1: that of the last of 16 bits. */
const SILENCE = 2 ** -30;

/**
 * By how many samples a normal sound has to be turned, its end coming round to its beginning, so that it swells when the clip does:
 * strokes of a slider then give way to strokes, and pauses to pauses. By the correlation of log powers in steps of 50 ms.
 *
 * @param normal of the clip's length
 * @returns 0 to length - 1: sample i of the turned sound is sample (i + shift) mod length
 */
export function bestShift(clip: Float32Array, normal: Float32Array, sampleRate: number): number {
  const step = Math.round(STEP_SECONDS * sampleRate);
  const [a, b] = [centered(logPowers(clip, step)), centered(logPowers(normal, step))];
  let [best, highest] = [0, -Infinity];
  for (let shift = 0; shift < b.length; shift++) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[(i + shift) % b.length]!;
    if (sum > highest) [best, highest] = [shift, sum];
  }
  return best * step;
}

/** The sound turned by a shift, with a fade over the place where its end meets its beginning. */
export function turned(sound: Float32Array, shift: number): Float32Array {
  if (shift === 0) return sound;
  const n = sound.length;
  const nFade = Math.min(1024, shift, n - shift);
  const out = new Float32Array(n);
  out.set(sound.subarray(shift));
  out.set(sound.subarray(0, shift), n - shift);
  // Around the seam a sample gives way to its mirror image beyond it, half and half at the seam itself: no jump, no click.
  for (let i = 0; i < nFade; i++) {
    const share = (i + 0.5) / (2 * nFade);
    const before = n - shift - nFade + i;
    const after = n - shift + nFade - 1 - i;
    const [left, right] = [out[before]!, out[after]!];
    out[before] = (1 - share) * left + share * right;
    out[after] = (1 - share) * right + share * left;
  }
  return out;
}

function logPowers(sound: Float32Array, step: number): Float64Array {
  return Float64Array.from({ length: Math.floor(sound.length / step) }, (_, i) => {
    let sum = 0;
    for (let at = i * step; at < (i + 1) * step; at++) sum += sound[at]! * sound[at]!;
    return Math.log(sum / step + SILENCE);
  });
}

function centered(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
