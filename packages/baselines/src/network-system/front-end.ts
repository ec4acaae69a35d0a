import { MelSpectrogram, type PadMode, resample } from '@serial-oe/audio-features';
import { checkNumber, numberAbove } from '@serial-oe/foundation';
import type { FrontEndConfig } from '../shared/log-mel';

/** What of a log-mel spectrogram a system's published code fixes, beside the numbers of its configuration. */
export interface FrontEndKind {
  /** Spacing of the bands. */
  melScale: 'htk' | 'slaney';
  /** Whether each band has the area 1 (librosa's `norm='slaney'`) or the peak 1. */
  norm: 'slaney' | null;
  padMode: PadMode;
  /** Whether the Hann window is periodic, or symmetric as NumPy's. */
  periodic: boolean;
}

/** torchaudio's `MelSpectrogram`: HTK bands of peak 1, reflected ends. STgram-MFN, SW-WaveNet, CLP-SCF. */
export const TORCHAUDIO_FRONT_END: FrontEndKind = {
  ...{ melScale: 'htk', norm: null, padMode: 'reflect', periodic: true },
};
/** librosa's defaults of 2020: Slaney bands of area 1, reflected ends. The autoencoder of DCASE2020. */
export const LIBROSA_FRONT_END: FrontEndKind = {
  ...{ melScale: 'slaney', norm: 'slaney', padMode: 'reflect', periodic: true },
};
/** librosa's defaults since 0.10: as before with zeros beyond the ends. Noisy-ArcMix. */
export const LIBROSA_ZERO_FRONT_END: FrontEndKind = { ...LIBROSA_FRONT_END, padMode: 'constant' };
/** librosa's bands under NumPy's symmetric Hann window. SCAdaCos. */
export const LIBROSA_SYMMETRIC_FRONT_END: FrontEndKind = { ...LIBROSA_FRONT_END, periodic: false };

/** A clip as networks hear it. */
export interface ClipFeatures {
  /** `[nMels, nFrames]`, 10 log10 of the power, which is at least 1e-10. */
  spectrogram: Float32Array;
  nMels: number;
  nFrames: number;
  /** At the rate of the front end; the sound again and again where it was too short. Null where nobody needs it. */
  waveform: Float32Array | null;
}

export interface ComputeOptions {
  /** Hz, of the waveform. */
  sampleRate: number;
  /** Of the recording, for messages. */
  name: string;
  /** Samples (at the front end's rate) that a window needs; a shorter sound is repeated up to them. */
  minSamples: number;
}

/** A sound of less than this share of a window is refused. */
const LEAST_SHARE = 0.5;

/** Waveforms at one rate, and their log-mel spectrograms. */
export class NetworkFrontEnd {
  readonly sampleRate: number;
  readonly hopLength: number;
  readonly nMels: number;
  readonly #mel: MelSpectrogram;
  readonly #keepsWaveform: boolean;

  /** @throws RangeError for bands that do not fit the sample rate */
  constructor(config: FrontEndConfig, { keepsWaveform, ...kind }: FrontEndKind & { keepsWaveform: boolean }) {
    const { nFft } = config;
    this.sampleRate = config.sampleRate;
    this.hopLength = config.hopLength;
    this.nMels = config.nMels;
    this.#keepsWaveform = keepsWaveform;
    this.#mel = new MelSpectrogram({
      ...config,
      ...kind,
      winLength: nFft,
      normalized: false,
      power: 2,
      log: 'dB',
    });
  }

  /** Frames of a sound of so many samples. */
  nFrames(nSamples: number): number {
    return this.#mel.nFrames(nSamples);
  }

  /**
   * @param waveform mono samples, full scale = 1
   * @throws RangeError for samples that are not finite, a rate that is none, or a sound of less than half a window
   */
  compute(waveform: Float32Array, { sampleRate, name, minSamples }: ComputeOptions): ClipFeatures {
    checkNumber(`baselines: the sample rate of ${name}`, sampleRate, numberAbove(0));
    const seconds = (LEAST_SHARE * minSamples) / this.sampleRate;
    checkNumber(`baselines: the length of ${name} in seconds`, waveform.length / sampleRate, {
      isValid: (length) => length >= seconds && length > 0,
      rule: `be at least ${seconds.toFixed(2)}, half of what the network hears at once`,
    });
    const wrong = waveform.find((sample) => !Number.isFinite(sample));
    if (wrong !== undefined)
      throw new RangeError(`baselines: the samples of ${name} must be finite, got ${wrong}.`);
    const ours = sampleRate === this.sampleRate ? waveform : resample(waveform, sampleRate, this.sampleRate);
    const sound = repeated(ours, minSamples);
    const { data: spectrogram, nMels, nFrames } = this.#mel.compute(sound);
    return { spectrogram, nMels, nFrames, waveform: this.#keepsWaveform ? sound : null };
  }
}

/** The sound again and again, until it has so many samples. */
function repeated(waveform: Float32Array, minSamples: number): Float32Array {
  if (waveform.length >= minSamples) return waveform;
  return Float32Array.from({ length: minSamples }, (_, i) => waveform[i % waveform.length]!);
}
