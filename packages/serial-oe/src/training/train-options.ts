import type { Dataset } from '@serial-oe/datasets';
import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { OptionNames } from '@serial-oe/foundation';
import type { PresetName, SerialOeConfigOverrides } from '../config/config';
import type { TrainingProgress } from './progress';

/** Options of `trainSerialOe`. */
export interface TrainSerialOeOptions {
  /** Clips of the target type and of others; those of the split `train` are used. */
  dataset: Dataset;
  /** The type to watch, such as `fan`. */
  machineType: string;
  /** Default 'quick'. */
  preset?: PresetName | undefined;
  /** Changes to the preset. */
  config?: SerialOeConfigOverrides | undefined;
  /**
   * tfjs backend, which must be registered (imported) already, such as 'wasm'. Default: the active one.
   */
  backend?: string | undefined;
  /**
   * timm's safetensors file of `tf_efficientnet_b0*`, or what `importPretrained` made of it. Default: random weights by
   * the seed.
   */
  pretrainedWeights?: Uint8Array | undefined;
  /**
   * Threads that train (Node; backends wasm and cpu). Default 1, this thread. With more, each batch is dealt out in equal
   * shards, each normalised by its own batch statistics, and gradients are averaged: about 1.9 times as fast with 2.
   * The result depends on the number, and is the same again for the same number.
   */
  workers?: number | undefined;
  /** Threads that prepare spectrograms beside the training. Default 1 in Node, 0 in a browser. */
  featureWorkers?: number | undefined;
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Stops the training after the running update, with a checkpoint where there is a `checkpointDir`. */
  signal?: AbortSignal | undefined;
  /** Folder for `checkpoint.safetensors`. Default: no checkpoints. */
  checkpointDir?: string | undefined;
  /** Goes on from the checkpoint in `checkpointDir`, if there is one. Default false: one that is there is an error. */
  resume?: boolean | undefined;
  /** A checkpoint is written after the first update beyond this time, and after the last of all. Default 60. */
  checkpointEverySeconds?: number | undefined;
  /** A checkpoint is also written at the end of every so many epochs, at least 1. Default: none for that reason. */
  checkpointEveryEpochs?: number | undefined;
  /** Decoded waveforms kept in memory, bytes a thread; default 1 GiB. Others are read again when they are drawn. */
  maxCacheBytes?: number | undefined;
  /** Test anomalies put aside for training by `selectKnownAnomalies`; noted in the model so that `evaluate` skips them. */
  heldOutClips?: readonly { machineType: string; machineId: string; path: string }[] | undefined;
  /**
   * Implementation of the extractor's operations. Default: `createWasmOps` of @serial-oe/wasm-kernels on the WASM
   * backend, which also gives that backend the training kernels that it lacks; pure tfjs elsewhere.
   */
  ops?: ExtractorOps | undefined;
}

/** Their names; another one is an error. */
export const TRAIN_OPTIONS: OptionNames<TrainSerialOeOptions> = {
  dataset: true,
  machineType: true,
  preset: true,
  config: true,
  backend: true,
  pretrainedWeights: true,
  workers: true,
  featureWorkers: true,
  onProgress: true,
  signal: true,
  checkpointDir: true,
  resume: true,
  checkpointEverySeconds: true,
  checkpointEveryEpochs: true,
  maxCacheBytes: true,
  heldOutClips: true,
  ops: true,
};
