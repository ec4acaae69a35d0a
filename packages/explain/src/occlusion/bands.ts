import { hzToMel, melToHz } from '@serial-oe/audio-features';
import FFT from 'fft.js';
import type { Tile } from './tile';

/** About this long is the window in which frequencies are told apart, seconds: 16 Hz apart. */
const WINDOW_SECONDS = 0.064;

/** Lower edge of the second band at the least: below, bands are narrower than the window tells apart. Hz. */
const LOWEST_EDGE = 50;

/** Windows of half overlap, a power of two of samples. */
export function bandWindows(sampleRate: number): { nFft: number; hopLength: number } {
  const nFft = 2 ** Math.round(Math.log2(WINDOW_SECONDS * sampleRate));
  return { nFft, hopLength: nFft / 2 };
}

/** Edges of bands of equal width in mel, from 0 to half the rate, `[nBands + 1]`, Hz. */
export function bandEdges(nBands: number, sampleRate: number): number[] {
  const low = hzToMel(LOWEST_EDGE, 'htk');
  const step = (hzToMel(sampleRate / 2, 'htk') - low) / nBands;
  return Array.from({ length: nBands + 1 }, (_, i) => {
    if (i === 0) return 0;
    return i === nBands ? sampleRate / 2 : melToHz(low + i * step, 'htk');
  });
}

/**
 * The tile in bands, which add up to it: frames of half overlap under the root of a Hann window, before and after, whose squares add
 * up to 1. One inverse transform gives two bands, one as the real part and one as the imaginary one: `istft` band by band takes four
 * times as long, which is longer than quick systems score.
 */
export function splitIntoBands(
  { start, samples }: Tile,
  edges: readonly number[],
  sampleRate: number,
): Tile[] {
  const { nFft, hopLength } = bandWindows(sampleRate);
  const bins = edges.map((hertz) => Math.ceil((hertz * nFft) / sampleRate));
  bins[bins.length - 1] = nFft / 2 + 1; // the last band has the bin of half the rate
  const bands = bins.slice(1).map(() => new Float32Array(samples.length));
  const window = Float64Array.from({ length: nFft }, (_, n) => Math.sin((Math.PI * n) / nFft));
  const fft = new FFT(nFft);
  const [frame, spectrum, pair, sounds] = [nFft, 2 * nFft, 2 * nFft, 2 * nFft].map((n) =>
    new Array<number>(n).fill(0.5),
  );
  for (let first = -hopLength; first < samples.length; first += hopLength) {
    for (let n = 0; n < nFft; n++) frame![n] = (samples[first + n] ?? 0) * window[n]!;
    fft.realTransform(spectrum!, frame!);
    for (let band = 0; band < bands.length; band += 2) {
      pair!.fill(0);
      takeBins(spectrum!, [bins[band]!, bins[band + 1]!], pair!);
      if (band + 1 < bands.length) takeBinsTimesI(spectrum!, [bins[band + 1]!, bins[band + 2]!], pair!);
      fft.inverseTransform(sounds!, pair!);
      addWindowed(sounds!, 0, { out: bands[band]!, first, window });
      if (band + 1 < bands.length) addWindowed(sounds!, 1, { out: bands[band + 1]!, first, window });
    }
  }
  return bands.map((band) => ({ start, samples: band }));
}

/** Bins of a real signal's spectrum, interleaved, with those of the negative frequencies, which are conjugate. */
function takeBins(spectrum: readonly number[], [first, end]: readonly [number, number], out: number[]): void {
  for (let k = first; k < end; k++) {
    const [at, mirrored] = [2 * k, (out.length - 2 * k) % out.length];
    out[at] = out[mirrored] = spectrum[at]!;
    out[mirrored + 1] = -spectrum[at + 1]!;
    out[at + 1] = spectrum[at + 1]!;
  }
}

/** The same times i. */
function takeBinsTimesI(
  spectrum: readonly number[],
  [first, end]: readonly [number, number],
  out: number[],
): void {
  for (let k = first; k < end; k++) {
    const [at, mirrored] = [2 * k, (out.length - 2 * k) % out.length];
    out[mirrored] = spectrum[at + 1]!;
    out[at] = -spectrum[at + 1]!;
    out[at + 1] = out[mirrored + 1] = spectrum[at]!;
  }
}

/** Adds the real (0) or imaginary (1) part of a frame where it lies in the sound. */
function addWindowed(
  frame: readonly number[],
  part: 0 | 1,
  { out, first, window }: { out: Float32Array; first: number; window: Float64Array },
): void {
  const end = Math.min(window.length, out.length - first);
  for (let n = Math.max(0, -first); n < end; n++) {
    out[first + n] = out[first + n]! + frame[2 * n + part]! * window[n]!;
  }
}
