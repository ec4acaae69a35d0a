import { MelSpectrogram, type MelSpectrogramResult } from '@serial-oe/audio-features';

/** How the spectrograms of explanations are made; the same for all scorers of a rate. */
export interface LogMelFrame {
  /** Hz. */
  sampleRate: number;
  /** Samples from one frame to the next. */
  hopLength: number;
  /** Ends of the mel bands, Hz. */
  fMin: number;
  fMax: number;
  nMels: number;
}

const N_MELS = 64;
const F_MIN = 50;
/** Of half the rate: above, the recorder's own filter fades the sound out. */
const F_MAX_SHARE = 0.975;
/** About this long is a frame, seconds. */
const FRAME_SECONDS = 0.064;

/** Log-mel spectrograms in dB, power of bands under a window of unit norm, from -100 dB on. */
export class LogMel {
  readonly frame: LogMelFrame;
  readonly #mel: MelSpectrogram;

  /** @param sampleRate Hz, of all waveforms */
  constructor(sampleRate: number) {
    const nFft = 2 ** Math.round(Math.log2(FRAME_SECONDS * sampleRate));
    const hopLength = nFft / 2;
    const fMax = F_MAX_SHARE * (sampleRate / 2);
    this.frame = { sampleRate, hopLength, fMin: F_MIN, fMax, nMels: N_MELS };
    this.#mel = new MelSpectrogram({
      ...{ sampleRate, nFft, hopLength, nMels: N_MELS, fMin: F_MIN, fMax },
      ...{ power: 2, log: 'dB' },
    });
  }

  /** @returns `[nMels, nFrames]`, dB */
  compute(waveform: Float32Array): MelSpectrogramResult {
    return this.#mel.compute(waveform);
  }
}
