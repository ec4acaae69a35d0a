import type { Clip, ClipLoader } from '@serial-oe/datasets';
import type { ClipFeatures, NetworkFrontEnd } from './front-end';

export interface FeatureStoreOptions {
  loadClip: ClipLoader;
  frontEnd: NetworkFrontEnd;
  /** Features kept in memory, bytes; the least recently used ones go first. */
  maxBytes: number;
}

/** The features of a list of clips, each computed once while memory lasts. */
export class FeatureStore {
  readonly #clips: readonly Clip[];
  readonly #options: FeatureStoreOptions;
  /** In the order of use: the first is the least recently used. */
  readonly #cached = new Map<number, ClipFeatures>();
  #nBytes = 0;
  #minSamples = 0;
  #standardize: ((features: ClipFeatures) => void) | null = null;

  constructor(clips: readonly Clip[], options: FeatureStoreOptions) {
    this.#clips = clips;
    this.#options = options;
  }

  /**
   * The features of clip `index`.
   * @throws DatasetError naming a clip that cannot be read; RangeError for one that cannot be used
   */
  async features(index: number): Promise<ClipFeatures> {
    const cached = this.#cached.get(index);
    if (cached !== undefined) {
      this.#cached.delete(index);
      this.#cached.set(index, cached);
      return cached;
    }
    const clip = this.#clips[index]!;
    const { waveform, sampleRate } = await this.#options.loadClip(clip);
    const minSamples = this.#minSamples;
    const features = this.#options.frontEnd.compute(waveform, { sampleRate, name: clip.path, minSamples });
    this.#standardize?.(features);
    this.put(index, features);
    return features;
  }

  /** Whether features of the size of those that are kept fit in too. */
  get hasRoom(): boolean {
    const size = this.#nBytes / Math.max(1, this.#cached.size);
    return this.#nBytes + size <= this.#options.maxBytes;
  }

  /** Forgets what is too short for the window, which is known from now on, and standardizes the rest. */
  settle(minSamples: number, standardize: ((features: ClipFeatures) => void) | null): void {
    this.#minSamples = minSamples;
    this.#standardize = standardize;
    const nFrames = this.#options.frontEnd.nFrames(minSamples);
    for (const [index, features] of this.#cached) {
      if (features.nFrames >= nFrames) standardize?.(features);
      else {
        this.#cached.delete(index);
        this.#nBytes -= bytesOf(features);
      }
    }
  }

  /** Keeps features that were computed elsewhere. */
  put(index: number, features: ClipFeatures): void {
    const size = bytesOf(features);
    if (size > this.#options.maxBytes || this.#cached.has(index)) return;
    this.#cached.set(index, features);
    this.#nBytes += size;
    for (const [oldest, old] of this.#cached) {
      if (this.#nBytes <= this.#options.maxBytes) break;
      this.#cached.delete(oldest);
      this.#nBytes -= bytesOf(old);
    }
  }
}

function bytesOf({ spectrogram, waveform }: ClipFeatures): number {
  return spectrogram.byteLength + (waveform?.byteLength ?? 0);
}
