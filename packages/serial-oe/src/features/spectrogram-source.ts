import { type Clip, type ClipLoader, ClipStore } from '@serial-oe/datasets';
import type { Spectrograms } from '@serial-oe/runtime';
import type { FeatureSource } from '@serial-oe/training';
import type { FrontEndConfig } from '../config/config';
import type { BatchPlan } from '../training/batch-plan';
import { type PreparedBatch, prepareBatch } from '../training/prepare-batch';
import { type Amplitude, FrontEnd } from './front-end';

/** All that is needed to turn clips into spectrograms; plain data, so that it can be sent to a worker. */
export interface SpectrogramSetup {
  clips: Clip[];
  frontEnd: FrontEndConfig;
  amplitude: Amplitude;
  nMachineIds: number;
  /** Decoded waveforms kept in memory, bytes, for each worker. */
  maxCacheBytes: number;
}

/** Where spectrograms come from: this thread, or workers. */
export type SpectrogramSource = FeatureSource<BatchPlan, PreparedBatch, Spectrograms>;

/** Computes on the calling thread. */
export function createInlineSource(setup: SpectrogramSetup, load: ClipLoader): SpectrogramSource {
  const { amplitude, nMachineIds } = setup;
  const frontEnd = new FrontEnd(setup.frontEnd);
  const store = new ClipStore(setup.clips, {
    load,
    prepare: (waveform, recording) => frontEnd.toSampleRate(waveform, recording),
    maxBytes: setup.maxCacheBytes,
  });
  return {
    prepare: (plan) => prepareBatch(plan, { store, frontEnd, amplitude, nMachineIds }),
    clipFeatures: async (index) => frontEnd.clipSpectrograms(await store.waveform(index), amplitude),
    close: async () => {},
  };
}
