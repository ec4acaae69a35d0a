import { checkOptions } from '@serial-oe/foundation';
import { checkFloat32Array } from './check-waveform';
import { RealFft } from './real-fft';
import type { Waveform } from './waveform';
import { multiplyByWindow, STFT_OPTIONS, type StftOptions, WindowedFrames } from './windowed-frames';

/** A complex spectrogram, row-major bin x frame. */
export interface Stft {
  /** `[nBins, nFrames]`. */
  real: Float32Array;
  /** `[nBins, nFrames]`. */
  imag: Float32Array;
  /** nFft / 2 + 1; bin k lies at k * sampleRate / nFft Hz. */
  nBins: number;
  nFrames: number;
}

/**
 * Short-time Fourier transform with a periodic Hann window: frames of nFft samples every hopLength samples, transformed
 * in float64. The defaults are those of the mel spectrogram, `normalized: true` among them; `normalized: false` gives
 * `torch.stft`'s plain sum.
 *
 * @param waveform `[nSamples]`, finite.
 * @returns `[nBins, nFrames]`, nBins = nFft / 2 + 1, nFrames = 1 + floor(nSamples / hopLength) where `center` is true,
 *   else 1 + floor((nSamples - nFft) / hopLength).
 * @throws RangeError for an empty, non-finite or too short waveform, an nFft that is no power of two (fft.js transforms
 *   no other sizes) or another option out of range; TypeError for other kinds.
 * @see `torchaudio.transforms.Spectrogram(power=None)` is the same arithmetic in float32.
 * @example
 * const { real, imag, nBins, nFrames } = stft(waveform, { nFft: 512, hopLength: 128, normalized: false });
 */
export function stft(waveform: Waveform, options: StftOptions = {}): Stft {
  const caller = 'audio-features.stft';
  checkOptions(caller, options, STFT_OPTIONS);
  const frames = new WindowedFrames(caller, options);
  const { nFft, hopLength, window } = frames;
  checkFloat32Array(`${caller}: waveform`, waveform);
  const fft = new RealFft(nFft);
  const nBins = fft.real.length;
  const nFrames = frames.nFrames(waveform.length);
  const real = new Float32Array(nBins * nFrames);
  const imag = new Float32Array(nBins * nFrames);
  const padded = frames.pad(caller, waveform);
  const samples = new Float64Array(nFft);
  for (let frame = 0; frame < nFrames; frame++) {
    multiplyByWindow({ padded, start: frame * hopLength }, window, samples);
    fft.transform(samples);
    for (let k = 0, at = frame; k < nBins; k++, at += nFrames) {
      real[at] = fft.real[k]!;
      imag[at] = fft.imag[k]!;
    }
  }
  return { real, imag, nBins, nFrames };
}
