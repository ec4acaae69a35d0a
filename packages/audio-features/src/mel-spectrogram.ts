import { checkFloat32Array, checkNumber, checkOneOf } from './check';
import { type MelFilterbankOptions, melBands } from './mel-filterbank';
import { StftFrames, type StftOptions } from './stft-frames';
import type { Waveform } from './waveform';

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
 * Window, band weights and buffers are made once, in the constructor, so keep the object for many clips. One object
 * serves one call at a time, which is no limit within one thread.
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
  readonly #frames: StftFrames;
  readonly #firstBins: Int32Array;
  /** Band m owns the weights from offset m to offset m + 1. */
  readonly #offsets: Int32Array;
  readonly #weights: Float64Array;
  readonly #binRange: [number, number];
  readonly #amplitudes: Float64Array;
  readonly #power: number;
  readonly #logarithm: ((value: number) => number) | null;

  /** @throws RangeError for an option out of range, TypeError for one of another kind. */
  constructor(options: MelSpectrogramOptions = {}) {
    const caller = 'audio-features.MelSpectrogram';
    const { power = 1, log = null, logFloor = 1e-10 } = options;
    checkNumber(`${caller}: power`, power, 0);
    checkOneOf(`${caller}: log`, log, [null, 'natural', 'log10', 'dB']);
    checkNumber(`${caller}: logFloor`, logFloor, 0);
    const { bands } = melBands(caller, options);
    this.#frames = new StftFrames(caller, options);
    this.nMels = bands.length;
    this.#power = power;
    this.#logarithm = logarithm(log, logFloor, power);
    this.#firstBins = Int32Array.from(bands, ({ firstBin }) => firstBin);
    this.#offsets = new Int32Array(bands.length + 1);
    bands.forEach(({ weights }, m) => {
      this.#offsets[m + 1] = this.#offsets[m]! + weights.length;
    });
    this.#weights = Float64Array.from(bands.flatMap(({ weights }) => Array.from(weights)));
    this.#binRange = [bands[0]!.firstBin, bands.at(-1)!.firstBin + bands.at(-1)!.weights.length];
    this.#amplitudes = new Float64Array(this.#frames.nBins);
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
    this.#frames.forEach(caller, waveform, (t, real, imag) => {
      this.#fillAmplitudes(real, imag);
      this.#sumBands(data, t, nFrames);
    });
    if (this.#logarithm) for (let i = 0; i < data.length; i++) data[i] = this.#logarithm(data[i]!);
    return { data, nMels, nFrames };
  }

  /** |X|^power of the bins that some band counts; the others, outside fMin and fMax, are never read. */
  #fillAmplitudes(real: Float64Array, imag: Float64Array): void {
    const amplitudes = this.#amplitudes;
    const [first, end] = this.#binRange;
    for (let k = first; k < end; k++) amplitudes[k] = real[k]! * real[k]! + imag[k]! * imag[k]!;
    if (this.#power === 2) return;
    if (this.#power === 1) {
      for (let k = first; k < end; k++) amplitudes[k] = Math.sqrt(amplitudes[k]!);
    } else {
      for (let k = first; k < end; k++) amplitudes[k] = amplitudes[k]! ** (this.#power / 2);
    }
  }

  #sumBands(data: Float32Array, frame: number, nFrames: number): void {
    const amplitudes = this.#amplitudes;
    const weights = this.#weights;
    const offsets = this.#offsets;
    const firstBins = this.#firstBins;
    for (let m = 0, at = frame; m < firstBins.length; m++, at += nFrames) {
      const end = offsets[m + 1]!;
      let sum = 0;
      for (let i = offsets[m]!, k = firstBins[m]!; i < end; i++, k++) sum += weights[i]! * amplitudes[k]!;
      data[at] = sum;
    }
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
