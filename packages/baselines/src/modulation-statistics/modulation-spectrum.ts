import type { MelSpectrogramResult } from '@serial-oe/audio-features';
import FFT from 'fft.js';

/** Lowest modulation that is looked at, Hz: slower ones are chance in a clip of some seconds. */
export const LOWEST_MODULATION = 0.5;
/** Power (dB^2) below which nothing is told apart: a hundredth of the rounding of float32 decibels would be seen without it. */
const POWER_FLOOR = 1e-6;
/** The transform is as fine as that of so many frames at least, so that the lowest octave of a short clip holds a frequency. */
const MIN_FRAMES = 256;

/**
 * Octaves of modulation frequencies, from {@link LOWEST_MODULATION} as far as they lie below half the frame rate.
 * @returns edges in Hz, one more than there are octaves
 */
export function modulationOctaves(frameRate: number): number[] {
  const edges = [LOWEST_MODULATION];
  while (edges.at(-1)! * 2 <= frameRate / 2) edges.push(edges.at(-1)! * 2);
  return edges;
}

/**
 * How strongly each band of a log-mel spectrogram swings, octave by octave of modulation frequencies: the natural logarithm of the
 * mean power in the octave of the periodogram of the band's course in dB (Hann window, mean removed).
 *
 * @param frameRate frames a second, Hz
 * @returns `[nOctaves nMels]`, octave by octave; `log(mean |X|^2 / sum w^2 + 1e-6)`
 */
export function modulationSpectrum(
  { data, nMels, nFrames }: MelSpectrogramResult,
  frameRate: number,
): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(nFrames, MIN_FRAMES)));
  const transform = new FFT(size);
  const window = hannWindow(nFrames);
  const energy = window.reduce((sum, weight) => sum + weight * weight, 0);
  const bins = octaveBins(modulationOctaves(frameRate), frameRate / size);
  const spectrum: number[] = transform.createComplexArray();
  const course = new Array<number>(size).fill(0);
  const result = new Float64Array(bins.length * nMels);
  for (let band = 0; band < nMels; band++) {
    const values = data.subarray(band * nFrames, (band + 1) * nFrames);
    const mean = values.reduce((sum, value) => sum + value, 0) / nFrames;
    for (let i = 0; i < nFrames; i++) course[i] = window[i]! * (values[i]! - mean);
    transform.realTransform(spectrum, course);
    for (const [octave, { first, end }] of bins.entries()) {
      result[octave * nMels + band] = Math.log(meanPower(spectrum, first, end) / energy + POWER_FLOOR);
    }
  }
  return result;
}

/** Bins of a transform whose frequency lies in each octave, the upper edge excluded. */
function octaveBins(edges: readonly number[], binWidth: number): { first: number; end: number }[] {
  return edges.slice(1).map((high, i) => ({
    first: Math.ceil(edges[i]! / binWidth),
    end: Math.ceil(high / binWidth),
  }));
}

function meanPower(spectrum: readonly number[], first: number, end: number): number {
  let sum = 0;
  for (let k = first; k < end; k++) sum += spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2;
  return sum / (end - first);
}

/** Symmetric, as NumPy's `hanning`; all zeros only for fewer than three frames, which half a second of sound never has. */
function hannWindow(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (length - 1)));
}
