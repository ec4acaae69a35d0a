import { AmplitudeAccumulator } from '@serial-oe/audio-features';
import { quantile } from '@serial-oe/foundation';
import { type Platform, readAhead, type TrainingJob, throwIfStopped } from '@serial-oe/runtime/contract';
import type { FeatureStore } from './feature-store';
import type { ClipFeatures, NetworkFrontEnd } from './front-end';
import type { NetworkConfig } from './network-config';
import { type ModelFacts, standardize } from './network-model';
import type { NetworkSet } from './network-set';
import type { NetworkSpec, WindowRule } from './network-spec';
import type { WindowPlan } from './windows';

/** Longest sound that a network hears at once unless it is told otherwise, seconds. */
const MAX_CLIP_SECONDS = 10;
/** A band that does not change over the training clips is not divided by nothing. */
const LEAST_DEVIATION = 1e-6;

export interface Measured {
  facts: ModelFacts;
  /** Standard deviation of the samples of the machines that are watched, full scale = 1. */
  trainingLevel: number;
}

export interface MeasureOptions<Config extends NetworkConfig> {
  spec: NetworkSpec<Config>;
  job: TrainingJob<Config>;
  platform: Pick<Platform, 'loadClip'>;
  frontEnd: NetworkFrontEnd;
  store: FeatureStore;
}

/** Reads all clips once: how long they are, how loud, and where asked for how each band lies. Their features stay in the store. */
export async function measureClips<Config extends NetworkConfig>(
  set: NetworkSet,
  { spec, job, platform, frontEnd, store }: MeasureOptions<Config>,
): Promise<Measured> {
  const { config, onProgress, signal } = job;
  const amplitude = new AmplitudeAccumulator();
  const bands = spec.standardizes ? new BandStatistics(frontEnd.nMels) : null;
  const watched = new Set(set.machines.map(({ classIndex }) => classIndex));
  const trained = new Set(set.trained);
  const seconds: number[] = [];
  const ownSeconds: number[] = [];
  let index = 0;
  for await (const { clip, waveform, sampleRate } of readAhead(set.clips, platform.loadClip)) {
    throwIfStopped(signal, 'while reading clips; nothing was saved');
    const isOwn = clip.label === 'normal' && watched.has(set.classOf[index]!);
    seconds.push(waveform.length / sampleRate);
    if (isOwn) {
      ownSeconds.push(waveform.length / sampleRate);
      amplitude.add(waveform);
    }
    if (bands !== null || store.hasRoom) {
      const features = frontEnd.compute(waveform, { sampleRate, name: clip.path, minSamples: 0 });
      if (trained.has(index)) bands?.add(features);
      store.put(index, features);
    }
    index++;
    onProgress({ kind: 'reading', nDone: index, nTotal: set.clips.length });
  }
  const median = Math.min(MAX_CLIP_SECONDS, medianOf(seconds));
  const window = windowPlan(spec.window(config), { median, frontEnd });
  const facts: ModelFacts = {
    window,
    windowSeconds: window.nSamples / frontEnd.sampleRate,
    clipSeconds: medianOf(ownSeconds),
    bands: bands?.result() ?? null,
  };
  const { bands: measured } = facts;
  store.settle(window.nSamples, measured === null ? null : (features) => standardize(features, measured));
  return { facts, trainingLevel: amplitude.statistics().std };
}

function windowPlan(
  rule: WindowRule,
  { median, frontEnd }: { median: number; frontEnd: NetworkFrontEnd },
): WindowPlan {
  if (rule.kind !== 'clip') {
    const { nFrames } = rule;
    const nSamples = Math.max(1, (nFrames - 1) * frontEnd.hopLength);
    if (rule.kind === 'frames') return { nFrames, nSamples, hop: rule.hop, nWindows: null, coversEnd: false };
    return { nFrames, nSamples, hop: null, nWindows: rule.nWindows, coversEnd: true };
  }
  const nSamples = Math.round((rule.seconds ?? median) * frontEnd.sampleRate);
  const nFrames = frontEnd.nFrames(nSamples);
  const hop = Math.max(1, Math.floor(nFrames / 2));
  return { nFrames, nSamples, hop, nWindows: null, coversEnd: true };
}

function medianOf(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** Mean and population deviation of each band over all frames. */
class BandStatistics {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #nFrames = 0;

  constructor(nMels: number) {
    this.#sums = new Float64Array(nMels);
    this.#squares = new Float64Array(nMels);
  }

  add({ spectrogram, nMels, nFrames }: ClipFeatures): void {
    this.#nFrames += nFrames;
    for (let band = 0; band < nMels; band++) {
      for (let i = band * nFrames; i < (band + 1) * nFrames; i++) {
        const value = spectrogram[i]!;
        this.#sums[band]! += value;
        this.#squares[band]! += value * value;
      }
    }
  }

  /** Levels of dB and float64: sums of squares lose no digits that matter. */
  result(): NonNullable<ModelFacts['bands']> {
    const n = this.#nFrames;
    const mean = Array.from(this.#sums, (sum) => sum / n);
    const deviation = Array.from(this.#squares, (square, band) =>
      Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, square / n - mean[band]! ** 2))),
    );
    return { mean, deviation };
  }
}
