import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Clip } from './clip';

/** Reads the samples of a clip, mono, from memory or from disk. */
export type ClipLoader = (clip: Clip) => Promise<{ waveform: Float32Array; sampleRate: number }>;

export interface ClipStoreOptions {
  load: ClipLoader;
  /** Brings a waveform to the rate and kind that is wanted; throws naming the clip where it cannot be used. */
  prepare: (waveform: Float32Array, recording: { sampleRate: number; name: string }) => Float32Array;
  /** Decoded waveforms kept in memory, bytes; the least recently used ones go first. */
  maxBytes: number;
}

const OPTIONS: OptionNames<ClipStoreOptions> = { load: true, prepare: true, maxBytes: true };

/** The waveforms of a list of clips as `prepare` makes them, each decoded once while memory lasts. */
export class ClipStore {
  readonly clips: readonly Clip[];
  readonly #options: ClipStoreOptions;
  /** In the order of use: the first is the least recently used. */
  #cached = new Map<number, Float32Array>();
  #nBytes = 0;

  constructor(clips: readonly Clip[], options: ClipStoreOptions) {
    checkOptions('datasets.ClipStore', options, OPTIONS);
    this.clips = clips;
    this.#options = options;
  }

  /**
   * The prepared waveform of clip `index`.
   * @throws DatasetError naming the clip where it cannot be read, and what `prepare` throws
   */
  async waveform(index: number): Promise<Float32Array> {
    const cached = this.#cached.get(index);
    if (cached !== undefined) {
      this.#cached.delete(index);
      this.#cached.set(index, cached);
      return cached;
    }
    const clip = this.clips[index]!;
    const { waveform, sampleRate } = await this.#options.load(clip);
    const converted = this.#options.prepare(waveform, { sampleRate, name: clip.path });
    this.#keep(index, converted);
    return converted;
  }

  #keep(index: number, waveform: Float32Array): void {
    if (waveform.byteLength > this.#options.maxBytes || this.#cached.has(index)) return;
    this.#cached.set(index, waveform);
    this.#nBytes += waveform.byteLength;
    for (const [oldest, { byteLength }] of this.#cached) {
      if (this.#nBytes <= this.#options.maxBytes) break;
      this.#cached.delete(oldest);
      this.#nBytes -= byteLength;
    }
  }
}
