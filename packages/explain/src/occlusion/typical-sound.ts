import { istft, stft } from '@serial-oe/audio-features';
import { bandWindows } from './bands';

/**
 * The clip with nothing in it louder than usual: the magnitude of each bin held down to its median over time, the phase kept. What
 * takes a clip's place where no normal one is known; it knows of faults that come and go, not of one that is always there.
 */
export function typicalSound(waveform: Float32Array, sampleRate: number): Float32Array {
  const windows = bandWindows(sampleRate);
  const { real, imag, nBins, nFrames } = stft(waveform, windows);
  const magnitudes = new Float32Array(nFrames);
  for (let bin = 0; bin < nBins; bin++) {
    const first = bin * nFrames;
    for (let t = 0; t < nFrames; t++) magnitudes[t] = Math.hypot(real[first + t]!, imag[first + t]!);
    const median = magnitudes.slice().sort()[nFrames >> 1]!;
    for (let t = 0; t < nFrames; t++) {
      if (magnitudes[t]! <= median) continue;
      const gain = median / magnitudes[t]!;
      real[first + t] = real[first + t]! * gain;
      imag[first + t] = imag[first + t]! * gain;
    }
  }
  return istft({ real, imag, nBins, nFrames }, { ...windows, length: waveform.length });
}

/** As many samples as asked for: cut, or repeated with a fade over where one end meets the other. */
export function ofLength(waveform: Float32Array, length: number): Float32Array {
  if (waveform.length >= length) return waveform.subarray(0, length);
  const nFade = Math.min(1024, waveform.length >> 2);
  const period = waveform.length - nFade;
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const at = i % period;
    const isSeam = at < nFade && i >= period;
    const share = isSeam ? at / nFade : 1;
    out[i] = share * waveform[at]! + (isSeam ? (1 - share) * waveform[period + at]! : 0);
  }
  return out;
}
