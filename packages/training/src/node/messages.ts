import type { ThreadBackend } from '@serial-oe/runtime/node';
import type { WeightMap } from '@serial-oe/safetensors';
import type { TrainingPosition } from '../checkpoint';
import type { Losses } from '../losses';
import type { StepOptions } from '../trainer';
import type { CheckpointContext, TensorMemory } from '../training-engine';
import type { SharedGroup } from './all-reduce';

/** What a training thread starts with. */
export interface TrainingThreadData {
  /** What its network is made from. */
  setup: unknown;
  backend: ThreadBackend;
  /** Name of the operations that the thread must use, as the main thread has them. */
  operations: string;
  microBatchSize: number;
  rank: number;
  nThreads: number;
}

/** What the main thread asks for. */
export type TrainingRequest<Batch = unknown> =
  | { kind: 'join'; group: SharedGroup }
  | { kind: 'step'; batch: Batch; options: StepOptions }
  | { kind: 'evaluate'; batch: Batch }
  | { kind: 'save'; position: TrainingPosition; fingerprint: Record<string, string> }
  | ({ kind: 'restore'; bytes: Uint8Array } & CheckpointContext)
  | { kind: 'isFinite' }
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
  isFinite: boolean;
  keep: null;
  weights: WeightMap;
  memory: TensorMemory;
};

/** What a training thread says once it has built its network. */
export interface TrainingReady {
  /** Values that it will average with the others. */
  nValues: number;
}
