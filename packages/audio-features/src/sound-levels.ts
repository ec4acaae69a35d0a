import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import { MelSpectrogram } from './mel-spectrogram';
import type { Waveform } from './waveform';

export interface SoundLevelsOptions {
  /** Hz. */
  sampleRate: number;
  /** Bands of equal width on the mel scale, from {@link LOWEST_HZ} to half the sample rate; default 8. */
  nBands?: number | undefined;
}

/** How loud a recording is, all of it and by bands; dB below the power of full scale. */
export interface SoundLevels {
  /** Of the mean square; -120 at the least. */
  levelDb: number;
  /** `[nBands]`, of the mean power in each band, the lowest first; -120 at the least. */
  bandLevelsDb: Float64Array;
}

const OPTIONS: OptionNames<SoundLevelsOptions> = { sampleRate: true, nBands: true };
/** Below it a microphone hears its own handling and the wind. */
const LOWEST_HZ = 50;
const N_FFT = 1024;
/** -120 dB, below the last bit of 16: silence has a level too. */
const SMALLEST_POWER = 1e-12;

/**
 * The levels of a recording over its whole length, for telling whether a place has become louder or sounds otherwise.
 *
 * @param waveform mono, full scale = 1, at least half of 1024 samples
 * @throws RangeError or TypeError for a waveform that is too short or not finite, or options outside their range
 */
export function soundLevels(waveform: Waveform, options: SoundLevelsOptions): SoundLevels {
  const where = 'audio-features.soundLevels';
  checkOptions(where, options, OPTIONS);
  const { sampleRate, nBands = 8 } = options;
  checkNumber(`${where}: sampleRate`, sampleRate, ABOVE_ZERO);
  checkNumber(`${where}: nBands`, nBands, POSITIVE_COUNT);
  const mel = new MelSpectrogram({
    ...{
      sampleRate,
      nFft: N_FFT,
      winLength: N_FFT,
      hopLength: N_FFT / 2,
      nMels: nBands,
      power: 2,
      normalized: true,
    },
    ...{ fMin: LOWEST_HZ, fMax: sampleRate / 2 },
  });
  const { data, nFrames } = mel.compute(waveform);
  let squares = 0;
  for (const sample of waveform) squares += sample * sample;
  return {
    levelDb: decibels(squares / waveform.length),
    bandLevelsDb: Float64Array.from({ length: nBands }, (_, band) => {
      let power = 0;
      for (let frame = 0; frame < nFrames; frame++) power += data[band * nFrames + frame]!;
      // a band's bins hold nFft/2 times the mean square of what sounds in it
      return decibels((2 * power) / (nFrames * N_FFT));
    }),
  };
}

function decibels(power: number): number {
  return 10 * Math.log10(Math.max(SMALLEST_POWER, power));
}
