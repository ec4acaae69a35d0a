import type { WeightMap } from '@serial-oe/efficientnet-extractor';
import type { TrainingPosition } from '../../training/checkpoint';
import type { PreparedBatch } from '../../training/prepare-batch';
import type { Losses } from '../../training/trainer';
import type { EngineSetup, StepOptions, TensorMemory } from '../../training/training-engine';
import type { SharedGroup } from './all-reduce';

/** What a training thread starts with. */
export interface TrainingWorkerData {
  setup: EngineSetup;
  backend: ParallelBackend;
  /** Name of the operations that the thread must use, as the main thread has them. */
  operations: string;
  rank: number;
  nWorkers: number;
}

/** Backends that can live in several threads of a process. */
export type ParallelBackend = 'wasm' | 'cpu';

/** What the main thread asks for. */
export type TrainingRequest = { id: number } & (
  | { kind: 'join'; group: SharedGroup }
  | { kind: 'step'; batch: PreparedBatch; options: StepOptions }
  | { kind: 'evaluate'; batch: PreparedBatch }
  | { kind: 'save'; position: TrainingPosition; fingerprint: Record<string, string> }
  | { kind: 'restore'; bytes: Uint8Array; fingerprint: Record<string, string>; path: string }
  | { kind: 'weights' }
  | { kind: 'memory' }
);

/** What comes back for each kind of request. */
export interface TrainingResults {
  join: { learningRate: number };
  step: { losses: Losses; learningRate: number };
  evaluate: Losses;
  save: Uint8Array;
  restore: { position: TrainingPosition; learningRate: number };
  weights: WeightMap;
  memory: TensorMemory;
}

/** The first message of a thread has the id -1 and says how many values it will average. */
export type TrainingReply =
  | { id: number; result: TrainingResults[keyof TrainingResults] | { nValues: number } }
  | { id: number; error: Error };

export const READY_ID = -1;
