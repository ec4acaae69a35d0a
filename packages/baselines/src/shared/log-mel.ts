import { MelSpectrogram, type MelSpectrogramResult, resample } from '@serial-oe/audio-features';
import { checkNumber, numberAbove } from '@serial-oe/foundation';
import type { ConfigOf, frontEndFields } from './config-fields';

export type FrontEndConfig = ConfigOf<ReturnType<typeof frontEndFields>>;

/** Shortest sound whose bands have a mean and a deviation worth the name, seconds. */
export const MIN_SECONDS = 0.5;

const LENGTH = {
  isValid: (seconds: number) => seconds >= MIN_SECONDS,
  rule: `be at least ${MIN_SECONDS}`,
  remedy: 'Leave it out.',
};

/** Log-mel spectrograms of whole clips: power, HTK mel bands, dB down to that of 1e-10. */
export class LogMel {
  readonly #sampleRate: number;
  readonly #mel: MelSpectrogram;

  /** @throws RangeError for bands that do not fit the sample rate */
  constructor(config: FrontEndConfig) {
    this.#sampleRate = config.sampleRate;
    this.#mel = new MelSpectrogram({ ...config, winLength: config.nFft, power: 2, log: 'dB' });
  }

  /**
   * @param waveform mono samples, full scale = 1
   * @param name of the recording, for messages
   * @returns `[nMels, nFrames]`, dB
   * @throws RangeError for samples that are not finite, a rate that is none, or less than half a second of sound
   */
  compute(
    waveform: Float32Array,
    { sampleRate, name }: { sampleRate: number; name: string },
  ): MelSpectrogramResult {
    checkNumber(`baselines: the sample rate of ${name}`, sampleRate, numberAbove(0));
    checkNumber(`baselines: the length of ${name} in seconds`, waveform.length / sampleRate, LENGTH);
    const wrong = waveform.find((sample) => !Number.isFinite(sample));
    if (wrong !== undefined)
      throw new RangeError(`baselines: the samples of ${name} must be finite, got ${wrong}.`);
    const ours = this.#sampleRate;
    return this.#mel.compute(sampleRate === ours ? waveform : resample(waveform, sampleRate, ours));
  }
}
