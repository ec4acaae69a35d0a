import type { WeightMap } from '@serial-oe/safetensors';
import { wasmHeapBytes } from '@serial-oe/wasm-kernels';
import { memory } from '@tensorflow/tfjs-core';
import {
  type RestoreOptions,
  restoreCheckpoint,
  serializeCheckpoint,
  type TrainingPosition,
} from './checkpoint';
import type { Losses } from './losses';
import { type StepOptions, Trainer } from './trainer';
import type { TrainedNetwork } from './training-method';

/** Live tensors of the tfjs engines that train. */
export interface TensorMemory {
  nTensors: number;
  tensorBytes: number;
  /** Size of the WASM heap, which never shrinks; null on other backends. With several threads, the largest. */
  heapBytes: number | null;
}

/** What this thread's engine holds. */
export function tensorMemory(): TensorMemory {
  const { numTensors, numBytes } = memory();
  return { nTensors: numTensors, tensorBytes: numBytes, heapBytes: wasmHeapBytes() };
}

/** What must be the same for a checkpoint to be continued, and which file it is. */
export interface CheckpointContext extends RestoreOptions {}

/** Does the updates: on this thread, or on several. */
export interface TrainingEngine<Batch> {
  /** Of the next update. */
  readonly learningRate: number;
  /** One update; resolves to the losses before it. */
  step(batch: Batch, options: StepOptions): Promise<Losses>;
  /** The losses of a batch by running statistics, without dropout; nothing changes. */
  evaluate(batch: Batch): Promise<Losses>;
  /** Tensors summed over the threads that train. */
  memory(): Promise<TensorMemory>;
  /** The whole state as the bytes of a checkpoint. */
  saveState(position: TrainingPosition, fingerprint: Record<string, string>): Promise<Uint8Array>;
  /** @throws CheckpointError where the bytes are no checkpoint of this run */
  restoreState(bytes: Uint8Array, context: CheckpointContext): Promise<TrainingPosition>;
  /**
   * Whether weights, statistics and the optimizer's state are finite numbers; asked before a state is saved, and at the end. One
   * that leaves it out is trusted.
   */
  isFinite?(): Promise<boolean>;
  /** Keeps the model's weights as they are now: they are what {@link takeWeights} gives. Part of the saved state. */
  keepWeights(): Promise<void>;
  /** The model's weights that were kept last, or where none were, those after the last update. */
  takeWeights(): Promise<WeightMap>;
  /** Frees the network and stops the threads. */
  close(): Promise<void>;
}

/** Updates on the calling thread. Takes over the network. */
export function createLocalEngine<Batch>(
  network: TrainedNetwork<Batch>,
  { microBatchSize }: { microBatchSize: number },
): TrainingEngine<Batch> {
  const trainer = new Trainer(network, microBatchSize);
  return {
    get learningRate() {
      return trainer.learningRate;
    },
    step: (batch, options) => trainer.step(batch, options),
    evaluate: (batch) => trainer.evaluate(batch),
    memory: async () => tensorMemory(),
    saveState: (position, fingerprint) => serializeCheckpoint(trainer, position, fingerprint),
    restoreState: async (bytes, context) => restoreCheckpoint(trainer, bytes, context),
    isFinite: () => trainer.isFinite(),
    keepWeights: () => trainer.keepWeights(),
    takeWeights: () => trainer.takeWeights(),
    close: async () => network.dispose(),
  };
}
