import { hzToMel, istft, melToHz, type Stft, stft } from '@serial-oe/audio-features';
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

/** The tile in bands; they add up to it. */
export function* splitIntoBands(
  { start, samples }: Tile,
  edges: readonly number[],
  sampleRate: number,
): Generator<Tile> {
  const windows = bandWindows(sampleRate);
  const spectrum = stft(samples, windows);
  const binOf = (hertz: number) => Math.ceil((hertz * windows.nFft) / sampleRate);
  for (let band = 0; band + 1 < edges.length; band++) {
    const isLast = band + 2 === edges.length;
    const part = binsOf(spectrum, binOf(edges[band]!), isLast ? spectrum.nBins : binOf(edges[band + 1]!));
    yield { start, samples: istft(part, { ...windows, length: samples.length }) };
  }
}

/** Bins first to end - 1; zeros elsewhere. */
function binsOf({ real, imag, nBins, nFrames }: Stft, first: number, end: number): Stft {
  const part = { real: new Float32Array(real.length), imag: new Float32Array(imag.length), nBins, nFrames };
  part.real.set(real.subarray(first * nFrames, end * nFrames), first * nFrames);
  part.imag.set(imag.subarray(first * nFrames, end * nFrames), first * nFrames);
  return part;
}
