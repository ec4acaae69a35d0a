import type { Clip } from '@serial-oe/datasets';
import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { ClipScore, Platform as Host } from '@serial-oe/runtime';
import type { TrainingEngine } from '@serial-oe/training';
import type { SpectrogramSetup, SpectrogramSource } from './features/spectrogram-source';
import type { NetworkSetup } from './training/outlier-exposure';
import type { PreparedBatch } from './training/prepare-batch';

export interface EngineOptions {
  /** Threads that train. */
  workers: number;
  /** The operations of this thread; undefined for pure tfjs. */
  ops: ExtractorOps | undefined;
  /** Samples that pass through the network at once, on each thread. */
  microBatchSize: number;
}

/** A model that threads load; plain data. */
export interface ScoredModel {
  /** Its bundle, so that a thread loads it as any other model. */
  files: ReadonlyMap<string, Uint8Array>;
  /** Name of its operations; the threads use the same. */
  operations: string;
}

/** Scores clips somewhere else than on the calling thread. */
export interface ScoringThreads {
  /** Several may be under way. Fails with a ScoringWorkerError where the thread has died. */
  score(clip: Clip): Promise<ClipScore>;
  close(): Promise<void>;
}

/** Where the method runs: Node or a browser, and what of it goes to threads. */
export interface Platform extends Host {
  /** Spectrograms from `nThreads` threads; 0 computes on the calling thread. */
  createSpectrogramSource(setup: SpectrogramSetup, nThreads: number): SpectrogramSource;
  /**
   * Whether `workers` threads can train here.
   * @throws RangeError or BackendError where they cannot
   */
  checkTrainingThreads(workers: number): void;
  /** Updates on the calling thread (`workers` 1), or data parallel on several. */
  createTrainingEngine(setup: NetworkSetup, options: EngineOptions): Promise<TrainingEngine<PreparedBatch>>;
  /** Threads that score whole clips, each with a copy of the model. */
  createScoringThreads(model: ScoredModel, nThreads: number): Promise<ScoringThreads>;
}
