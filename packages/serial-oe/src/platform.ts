import type { Clip, ClipLoader } from '@serial-oe/datasets';
import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { ClipScore, FileAccess } from '@serial-oe/runtime';
import type { FeatureSource, FeatureSourceSetup } from './features/feature-source';
import type { EngineSetup, TrainingEngine } from './training/training-engine';

export interface TrainingEngineOptions {
  /** Threads that train. */
  workers: number;
  /** The operations of this thread; undefined for pure tfjs. */
  ops: ExtractorOps | undefined;
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

/** What Node has and a browser has not. The entries of the package pass theirs down. */
export interface Platform {
  loadClip: ClipLoader;
  /** Spectrograms from `nThreads` threads; 0 computes on the calling thread. */
  createFeatureSource(setup: FeatureSourceSetup, nThreads: number): FeatureSource;
  /** Threads for spectrograms where the caller does not say. */
  defaultFeatureWorkers: number;
  /**
   * Whether `workers` threads can train here.
   * @throws RangeError or BackendError where they cannot
   */
  checkTrainingThreads(workers: number): void;
  /** Updates on the calling thread (`workers` 1), or data parallel on several. */
  createTrainingEngine(setup: EngineSetup, options: TrainingEngineOptions): Promise<TrainingEngine>;
  /** Threads that score whole clips, each with a copy of the model. */
  createScoringThreads(model: ScoredModel, nThreads: number): Promise<ScoringThreads>;
  /** Null in a browser. */
  files: FileAccess | null;
  /** Resident memory of the process, bytes; null where it cannot be known. */
  rssBytes(): number | null;
}
