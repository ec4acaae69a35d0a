import type { MelBands } from './mel-filterbank';
import { RealFft } from './real-fft';
import type { Waveform } from './waveform';
import { multiplyByWindow } from './windowed-frames';

/** What a core needs to know. */
export interface MelCoreSetup {
  nFft: number;
  hopLength: number;
  /** `[nFft]` */
  window: Float64Array;
  bands: MelBands;
  /** Exponent of the magnitude. */
  power: number;
}

/**
 * Bands of the frames of a waveform that holds all of them, to `out` `[nMels, nFrames]`; float64 until the result. All
 * cores do the same operations in the same order: their results are equal bit for bit.
 */
export type MelCore = (padded: Waveform, nFrames: number, out: Float32Array) => void;

/** The core in plain TypeScript, with fft.js. */
export function createTypescriptCore({ nFft, hopLength, window, bands, power }: MelCoreSetup): MelCore {
  const fft = new RealFft(nFft);
  const samples = new Float64Array(nFft);
  return (padded, nFrames, out) => {
    for (let frame = 0; frame < nFrames; frame++) {
      multiplyByWindow({ padded, start: frame * hopLength }, window, samples);
      fft.powerSpectrum(samples);
      sumBands(fft.power, bands, { power, out, frame, nFrames });
    }
  };
}

/**
 * Visits each bin between fMin and fMax once: between two edges its amplitude goes to the band that rises there and to
 * the one that falls.
 */
function sumBands(
  squares: Float64Array,
  { nMels, firstBins, rise, scales }: MelBands,
  { power, out, frame, nFrames }: { power: number; out: Float32Array; frame: number; nFrames: number },
): void {
  const { sqrt } = Math; // a local: jest makes every look-up of a global slow
  let rising = 0; // the rising half of band m
  for (let j = 0, m = -1; j <= nMels; j++, m++) {
    let risingNext = 0;
    let falling = 0;
    for (let k = firstBins[j]!; k < firstBins[j + 1]!; k++) {
      const squared = squares[k]!;
      const amplitude = power === 1 ? sqrt(squared) : power === 2 ? squared : squared ** (power / 2);
      const part = rise[k]! * amplitude;
      risingNext += part;
      falling += amplitude - part;
    }
    if (m >= 0) out[m * nFrames + frame] = scales[m]! * (rising + falling);
    rising = risingNext;
  }
}
