import { type Extractor, type ExtractorOps, loadPretrained } from '@serial-oe/efficientnet-extractor';
import { adamWUpdateFor } from '@serial-oe/runtime';
import { wasmHeapBytes } from '@serial-oe/wasm-kernels';
import { memory } from '@tensorflow/tfjs-core';
import type { SerialOeConfig } from '../config/config';
import { restoreCheckpoint, serializeCheckpoint, type TrainingPosition } from './checkpoint';
import type { Losses } from './losses';
import type { PreparedBatch } from './prepare-batch';
import { type StepOptions, Trainer } from './trainer';

/** What a training is made from; plain data, so that it can be sent to a thread. */
export interface EngineSetup {
  config: SerialOeConfig;
  nMachineIds: number;
  /** `[nMels, nFrames]` */
  inputShape: [number, number];
  /** Updates in the whole training. */
  totalSteps: number;
  /** Samples that pass through the network at once, on each thread. */
  microBatchSize: number;
  /** timm's safetensors file or an imported one; undefined for random weights by the seed. */
  pretrainedWeights: Uint8Array | undefined;
}

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

/** Does the updates: on this thread, or on several. */
export interface TrainingEngine {
  /** Samples of a batch must be a multiple of this, of the normal ones and of the outliers. */
  readonly nShards: number;
  /** Of the next update. */
  readonly learningRate: number;
  /** One update; resolves to the losses before it. */
  step(batch: PreparedBatch, options: StepOptions): Promise<Losses>;
  /** The losses of a batch by running statistics, without dropout; nothing changes. */
  evaluate(batch: PreparedBatch): Promise<Losses>;
  /** Tensors summed over the threads that train. */
  memory(): Promise<TensorMemory>;
  /** The whole state as the bytes of a checkpoint. */
  saveState(position: TrainingPosition, fingerprint: Record<string, string>): Promise<Uint8Array>;
  /** @throws CheckpointError where the bytes are no checkpoint of this run */
  restoreState(
    bytes: Uint8Array,
    context: { fingerprint: Record<string, string>; path: string },
  ): Promise<TrainingPosition>;
  /** Keeps the extractor's weights as they are now: they are what {@link takeExtractor} gives. Part of the saved state. */
  keepWeights(): Promise<void>;
  /**
   * The trained extractor, with the weights that were kept last, or where none were, those after the last update. For the
   * caller to dispose; call it once, after the last update.
   */
  takeExtractor(): Promise<Extractor>;
  /** Frees what is not the caller's. */
  close(): Promise<void>;
}

/** What checkpoints and models call the operations. */
export function operationsName(ops: ExtractorOps | undefined): string {
  return ops?.name ?? 'tfjs';
}

/** Makes the trainer of a setup, pretrained weights loaded. */
export async function createTrainer(setup: EngineSetup, ops: ExtractorOps | undefined): Promise<Trainer> {
  const { pretrainedWeights, ...options } = setup;
  const updateKernel = await adamWUpdateFor(operationsName(ops));
  const trainer = new Trainer({ ...options, ops, updateKernel });
  try {
    if (pretrainedWeights) loadPretrained(trainer.extractor, pretrainedWeights);
    return trainer;
  } catch (error) {
    trainer.disposeOptimizer();
    trainer.extractor.dispose();
    throw error;
  }
}

/** Updates on the calling thread. */
export async function createLocalEngine(
  setup: EngineSetup,
  ops: ExtractorOps | undefined,
): Promise<TrainingEngine> {
  const trainer = await createTrainer(setup, ops);
  let isTaken = false;
  return {
    nShards: 1,
    get learningRate() {
      return trainer.optimizer.learningRate;
    },
    step: (batch, options) => trainer.step(batch, options),
    evaluate: (batch) => trainer.evaluate(batch),
    memory: async () => tensorMemory(),
    saveState: (position, fingerprint) => serializeCheckpoint(trainer, position, fingerprint),
    restoreState: async (bytes, context) => restoreCheckpoint(trainer, bytes, context),
    keepWeights: () => trainer.keepWeights(),
    async takeExtractor() {
      isTaken = true;
      if (trainer.keptWeights) trainer.extractor.loadWeights(trainer.keptWeights);
      return trainer.extractor;
    },
    async close() {
      trainer.disposeOptimizer();
      if (!isTaken) trainer.extractor.dispose();
    },
  };
}
