import {
  MelSpectrogram,
  normalizeAmplitude,
  randomChunk,
  resample,
  splitChunks,
} from '@serial-oe/audio-features';
import type { Spectrograms } from '@serial-oe/runtime';
import { checkConfig } from '../config/check-config';
import type { FrontEndConfig } from '../config/config';
import { PRESETS } from '../config/presets';

/** Mean and standard deviation of the samples of the target type's normal training clips. */
export interface Amplitude {
  mean: number;
  std: number;
}

/** Waveform -> chunks -> amplitude-normalised chunks -> mel spectrograms, by one configuration. */
export class FrontEnd {
  readonly config: FrontEndConfig;
  /** Samples of a chunk. */
  readonly chunkLength: number;
  readonly nMels: number;
  readonly nFrames: number;
  /** Rows and frames of a chunk's image: the mel bands of each resolution below those of the one before. */
  readonly imageShape: readonly [nRows: number, nFrames: number];
  /** One for each resolution; the first is that of `nFft`. */
  readonly #resolutions: readonly [MelSpectrogram, ...MelSpectrogram[]];

  /** @throws RangeError for a field that is missing, unknown or breaks its rule */
  constructor(config: FrontEndConfig) {
    checkConfig('FrontEnd', { ...PRESETS.paper, frontEnd: config });
    const { chunkSeconds, nChunks: _, furtherNFfts, ...mel } = config;
    this.config = config;
    this.chunkLength = Math.round(chunkSeconds * config.sampleRate);
    this.#resolutions = [
      new MelSpectrogram(mel),
      ...furtherNFfts.map((nFft) => new MelSpectrogram({ ...mel, nFft, winLength: nFft })),
    ];
    this.nMels = config.nMels;
    this.nFrames = Math.floor(this.chunkLength / config.hopLength) + 1; // centred frames, whatever the transform's length
    this.imageShape = [this.nMels * this.#resolutions.length, this.nFrames];
  }

  /**
   * The waveform at the configured sample rate. Its length is checked before it is resampled, whatever rate it is said to have.
   * @throws RangeError for samples that are not finite, a rate that no recording has, or less than one chunk of sound;
   *   `name` says which recording
   */
  toSampleRate(
    waveform: Float32Array,
    { sampleRate, name }: { sampleRate: number; name: string },
  ): Float32Array {
    const { sampleRate: ours, chunkSeconds } = this.config;
    if (Math.ceil((waveform.length * ours) / sampleRate) < this.chunkLength) {
      const least = Math.ceil(((this.chunkLength - 1) * sampleRate + 1) / ours);
      throw new RangeError(
        `serial-oe: ${name} must be at least ${chunkSeconds} s long (one chunk, ${least} samples at ${sampleRate} Hz), got ` +
          `${waveform.length} samples (${secondsText(waveform.length, sampleRate)} s). ` +
          'Leave it out, or train with a smaller frontEnd.chunkSeconds.',
      );
    }
    if (sampleRate === ours) return waveform;
    try {
      return resample(waveform, sampleRate, ours);
    } catch (cause) {
      throw new RangeError(
        `serial-oe: ${name} must be fit to be resampled, got: ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  /** The chunk that starts at the share `u` in [0, 1) of all possible starts, amplitude-normalised. */
  trainingChunk(waveform: Float32Array, u: number, amplitude: Amplitude): Float32Array {
    return normalizeAmplitude(
      randomChunk(waveform, this.chunkLength, () => u),
      amplitude,
    );
  }

  /** Chunks that inference cuts a clip of `length` samples into: METHOD's ceil(2 L / S), or the configured number. */
  countChunks(length: number): number {
    const { nChunks } = this.config;
    return nChunks === 'auto' ? Math.ceil((2 * length) / this.chunkLength) : nChunks;
  }

  /** Spectrograms of all chunks of a clip, as inference sees it. */
  clipSpectrograms(waveform: Float32Array, amplitude: Amplitude): Spectrograms {
    const nChunks = this.countChunks(waveform.length);
    const chunks = splitChunks(waveform, { chunkLength: this.chunkLength, nChunks });
    return this.spectrograms(chunks.map((chunk) => normalizeAmplitude(chunk, amplitude)));
  }

  /** The spectrogram of a whole waveform as it is, for pictures: `[nMels, nFrames]` with as many frames as it takes. */
  wholeSpectrogram(waveform: Float32Array): ReturnType<MelSpectrogram['compute']> {
    return this.#resolutions[0].compute(waveform);
  }

  /** Spectrograms of amplitude-normalised chunks, `[nChunks, ...imageShape]`. */
  spectrograms(chunks: readonly Float32Array[]): Spectrograms {
    const size = this.nMels * this.nFrames;
    const nResolutions = this.#resolutions.length;
    const data = new Float32Array(chunks.length * nResolutions * size);
    chunks.forEach((chunk, i) => {
      this.#resolutions.forEach((resolution, k) => {
        const first = (i * nResolutions + k) * size;
        resolution.compute(chunk, data.subarray(first, first + size));
      });
    });
    return { data, nChunks: chunks.length };
  }
}

/** Seconds with as many digits as tell the length from that of a sample more, three at least. */
function secondsText(nSamples: number, sampleRate: number): string {
  const nDigits = Math.max(3, Math.ceil(Math.log10(sampleRate)));
  return String(Number((nSamples / sampleRate).toFixed(nDigits)));
}
