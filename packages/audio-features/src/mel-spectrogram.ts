import { ABOVE_ZERO, checkNumber, checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { checkFloat32Array } from './check-waveform';
import { chooseMelCore } from './choose-mel-core';
import type { MelCore } from './mel-core';
import { MEL_FILTERBANK_OPTIONS, type MelFilterbankOptions, melBands } from './mel-filterbank';
import type { Waveform } from './waveform';
import { STFT_OPTIONS, type StftOptions, WindowedFrames } from './windowed-frames';

/** Options of {@link MelSpectrogram}; the defaults are the front end of Serial-OE. */
export interface MelSpectrogramOptions extends StftOptions, MelFilterbankOptions {
  /** Exponent of the magnitude before the bands are summed: 1 magnitude, 2 power. Default 1. */
  power?: number;
  /**
   * Logarithm of the band values x, raised to `logFloor` first: 'natural' ln x, 'log10' log10 x, 'dB' (20 / power) log10 x
   * (torchaudio's `AmplitudeToDB` without `top_db`). Default null: none.
   */
  log?: null | 'natural' | 'log10' | 'dB';
  /** Smallest value that enters the logarithm. Default 1e-10, the `amin` of torchaudio and librosa. */
  logFloor?: number;
}

const OPTIONS: OptionNames<MelSpectrogramOptions> = {
  ...STFT_OPTIONS,
  ...MEL_FILTERBANK_OPTIONS,
  power: true,
  log: true,
  logFloor: true,
};

/** A mel spectrogram, row-major mel x frame. */
export interface MelSpectrogramResult {
  /** `[nMels, nFrames]`. */
  data: Float32Array;
  nMels: number;
  nFrames: number;
}

/**
 * Mel spectrogram: STFT, magnitude to the given power, triangular mel bands, optionally a logarithm. Everything but the
 * result is float64.
 *
 * Window, band weights and buffers are made once, so keep the object for many clips. One object serves one call at a
 * time, which is no limit within one thread. From 32 frames on it works in WebAssembly where the engine and the page
 * allow it, in plain TypeScript elsewhere; the results are equal bit for bit.
 *
 * Defaults: 16 kHz, nFft = winLength = 2048, hopLength 256, centred with reflect padding, 224 HTK bands without area
 * normalisation between 50 and 7800 Hz, magnitude over the window's L2 norm, no logarithm.
 *
 * @see `torchaudio.transforms.MelSpectrogram` with the same options is equal to rtol 1e-4, atol 1e-5 x maximum.
 * @example
 * const mel = new MelSpectrogram();
 * const { data, nMels, nFrames } = mel.compute(new Float32Array(32000)); // 224 x 126
 */
export class MelSpectrogram {
  readonly nMels: number;
  readonly #frames: WindowedFrames;
  readonly #computeBands: MelCore;
  readonly #logarithm: ((value: number) => number) | null;

  /** @throws RangeError for an option out of range, TypeError for one of another kind. */
  constructor(options: MelSpectrogramOptions = {}) {
    const caller = 'audio-features.MelSpectrogram';
    checkOptions(caller, options, OPTIONS);
    const { power = 1, log = null, logFloor = 1e-10 } = options;
    checkNumber(`${caller}: power`, power, ABOVE_ZERO);
    checkOneOf(`${caller}: log`, log, [null, 'natural', 'log10', 'dB']);
    checkNumber(`${caller}: logFloor`, logFloor, ABOVE_ZERO);
    const bands = melBands(caller, options);
    this.#frames = new WindowedFrames(caller, options);
    const { nFft, hopLength, window } = this.#frames;
    this.#computeBands = chooseMelCore({ nFft, hopLength, window, bands, power });
    this.nMels = bands.nMels;
    this.#logarithm = logarithm(log, logFloor, power);
  }

  /** Frames of a clip of `length` samples: 1 + floor(length / hopLength) where `center` is true. */
  nFrames(length: number): number {
    return this.#frames.nFrames(length);
  }

  /**
   * @param waveform `[nSamples]`, finite.
   * @param out `[nMels * nFrames]`, where the result shall be written; a new array by default.
   * @returns `data` is `out` where it was given.
   * @throws RangeError for an empty, non-finite or too short waveform (reflect padding needs nFft / 2 + 1 samples) or an
   *   `out` of another length; TypeError for other kinds.
   */
  compute(waveform: Waveform, out?: Float32Array): MelSpectrogramResult {
    const caller = 'audio-features.MelSpectrogram.compute';
    checkFloat32Array(`${caller}: waveform`, waveform);
    const { nMels } = this;
    const nFrames = this.nFrames(waveform.length);
    const data = out ?? new Float32Array(nMels * nFrames);
    checkFloat32Array(`${caller}: out`, data);
    if (data.length !== nMels * nFrames) {
      throw new RangeError(
        `${caller}: out must have nMels x nFrames = ${nMels} x ${nFrames} = ${nMels * nFrames} values, got ${data.length}.`,
      );
    }
    const padded = this.#frames.pad(caller, waveform);
    this.#computeBands(padded, nFrames, data);
    if (this.#logarithm) for (let i = 0; i < data.length; i++) data[i] = this.#logarithm(data[i]!);
    return { data, nMels, nFrames };
  }
}

function logarithm(
  log: MelSpectrogramOptions['log'],
  logFloor: number,
  power: number,
): ((value: number) => number) | null {
  if (!log) return null;
  const factor = { natural: 1, log10: 1 / Math.LN10, dB: 20 / power / Math.LN10 }[log];
  return (value) => factor * Math.log(Math.max(value, logFloor));
}
