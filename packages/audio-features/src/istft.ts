import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import { checkFloat32Array } from './check-waveform';
import { RealFft } from './real-fft';
import type { Stft } from './stft';
import type { Waveform } from './waveform';
import { STFT_OPTIONS, type StftOptions, WindowedFrames } from './windowed-frames';

/** Options of {@link istft}: those that the spectrogram was made with. */
export interface IstftOptions extends StftOptions {
  /** Samples of the waveform. */
  length: number;
}

const OPTIONS: OptionNames<IstftOptions> = { ...STFT_OPTIONS, length: true };

/** Sum of the squared windows over a sample below which no frame says anything of it; that of `torch.istft`. */
const MIN_WINDOW_SUM = 1e-11;

/**
 * The waveform whose short-time Fourier transform comes nearest to a spectrogram, in squares (Griffin and Lim, IEEE Trans. ASSP 32,
 * 1984, equation 6): frames transformed back, multiplied by the window, added up and divided by the sum of the squared windows. It
 * undoes {@link stft} where the frames overlap, and makes sound of a spectrogram that was changed.
 *
 * @param spectrum `[nBins, nFrames]`, as {@link stft} gave it with the same options.
 * @returns `[length]`.
 * @throws RangeError for a spectrogram of another size than a waveform of that length has, for frames that leave samples without a
 *   window (a hopLength of nFft or more), or another option out of range; TypeError for other kinds.
 * @see `torch.istft`, which is the same formula.
 * @example
 * const options = { nFft: 1024, hopLength: 512 };
 * const same = istft(stft(waveform, options), { ...options, length: waveform.length });
 */
export function istft(spectrum: Stft, options: IstftOptions): Waveform {
  const caller = 'audio-features.istft';
  checkOptions(caller, options, OPTIONS);
  const { length, ...rest } = options;
  checkNumber(`${caller}: length`, length, POSITIVE_COUNT);
  const frames = new WindowedFrames(caller, rest);
  checkSpectrum(caller, spectrum, { nBins: frames.nFft / 2 + 1, nFrames: frames.nFrames(length) });
  const { sum, windows } = overlapAdd(spectrum, frames);
  const offset = (rest.center ?? true) ? frames.nFft / 2 : 0;
  const out = new Float32Array(length);
  for (let i = 0, at = offset; i < length; i++, at++) {
    const weight = at < windows.length ? windows[at]! : 0;
    if (weight < MIN_WINDOW_SUM) throw noWindow(caller, i);
    out[i] = sum[at]! / weight;
  }
  return out;
}

/** Both `[nSamples]` with the padding: the frames times the window, and the squared windows. */
function overlapAdd(
  { real, imag, nBins, nFrames }: Stft,
  { nFft, hopLength, window }: WindowedFrames,
): { sum: Float64Array; windows: Float64Array } {
  const fft = new RealFft(nFft);
  const frame = new Float64Array(nFft);
  const sum = new Float64Array((nFrames - 1) * hopLength + nFft);
  const windows = new Float64Array(sum.length);
  for (let t = 0; t < nFrames; t++) {
    for (let k = 0, at = t; k < nBins; k++, at += nFrames) {
      fft.real[k] = real[at]!;
      fft.imag[k] = imag[at]!;
    }
    fft.inverse(frame);
    for (let i = 0, at = t * hopLength; i < nFft; i++, at++) {
      sum[at] = sum[at]! + frame[i]! * window[i]!;
      windows[at] = windows[at]! + window[i]! * window[i]!;
    }
  }
  return { sum, windows };
}

function noWindow(caller: string, sample: number): RangeError {
  return new RangeError(
    `${caller}: frames must overlap, got none over sample ${sample}. Use a shorter hopLength, center: true, or a length that the frames reach.`,
  );
}

function checkSpectrum(caller: string, spectrum: Stft, { nBins, nFrames }: Pick<Stft, 'nBins' | 'nFrames'>) {
  const { real, imag } = spectrum;
  checkFloat32Array(`${caller}: spectrum.real`, real);
  checkFloat32Array(`${caller}: spectrum.imag`, imag);
  const size = nBins * nFrames;
  const isThatSize = spectrum.nBins === nBins && spectrum.nFrames === nFrames;
  if (!isThatSize || size === 0 || real.length !== size || imag.length !== size) {
    throw new RangeError(
      `${caller}: spectrum must have nBins x nFrames = ${nBins} x ${nFrames} values for these options and this length, got ` +
        `${spectrum.nBins} x ${spectrum.nFrames} with ${real.length} and ${imag.length}. Pass the options of stft.`,
    );
  }
}
