import type { WeightMap } from '@serial-oe/efficientnet-extractor';
import type { ThreadBackend } from '@serial-oe/runtime/node';
import type { TrainingPosition } from '../../training/checkpoint';
import type { Losses } from '../../training/losses';
import type { PreparedBatch } from '../../training/prepare-batch';
import type { BatchPart } from '../../training/shard-batch';
import type { StepOptions } from '../../training/trainer';
import type { EngineSetup, TensorMemory } from '../../training/training-engine';
import type { SharedGroup } from './all-reduce';

/** What a training thread starts with. */
export interface TrainingWorkerData {
  setup: EngineSetup;
  backend: ThreadBackend;
  /** Name of the operations that the thread must use, as the main thread has them. */
  operations: string;
  rank: number;
  nWorkers: number;
}

/** What the main thread asks for. */
export type TrainingRequest =
  | { kind: 'join'; group: SharedGroup }
  | { kind: 'step'; batch: BatchPart; options: StepOptions }
  | { kind: 'evaluate'; batch: PreparedBatch }
  | { kind: 'save'; position: TrainingPosition; fingerprint: Record<string, string> }
  | { kind: 'restore'; bytes: Uint8Array; fingerprint: Record<string, string>; path: string }
  | { kind: 'keep' }
  | { kind: 'weights' }
  | { kind: 'memory' };

/** What comes back for each kind of request. */
export type TrainingResults = {
  join: { learningRate: number };
  step: { losses: Losses; learningRate: number };
  evaluate: Losses;
  save: Uint8Array;
  restore: { position: TrainingPosition; learningRate: number };
  keep: null;
  weights: WeightMap;
  memory: TensorMemory;
};

/** What a training thread says once it has built its network. */
export interface TrainingReady {
  /** Values that it will average with the others. */
  nValues: number;
}
