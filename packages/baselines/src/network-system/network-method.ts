import type { Clip } from '@serial-oe/datasets';
import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { Mixup } from '@serial-oe/losses-mixup';
import type { WeightArray, WeightMap } from '@serial-oe/safetensors';
import type { NetworkPass, TrainingLoss } from '@serial-oe/training';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { NetworkConfig } from './network-config';
import type { WindowPlan } from './windows';

/** What a network is made from. */
export interface NetworkSetup<Config extends NetworkConfig = NetworkConfig> {
  config: Config;
  /** Machines of all types that it is trained on. */
  nClasses: number;
  /** Machines that it watches. */
  nMachines: number;
  window: WindowPlan;
  nMels: number;
  /** Training clips of each class; undefined where nothing is trained. */
  classCounts?: readonly number[] | undefined;
  /** Fast kernels of the backend; undefined for tfjs's own. */
  ops: ExtractorOps | undefined;
}

/** How samples were mixed: lambda times the sample itself, plus 1 - lambda times its partner. */
export interface Mixing {
  /** One a sample. */
  lambda: Float32Array;
  /** Labels of the partners. */
  partners: Int32Array;
}

/** A batch as the loss sees it. */
export interface TensorBatch {
  inputs: Tensor[];
  /** Of each sample: its class, or for balanced batches 1 for the machine of the stage and 0 for any other. */
  labels: Int32Array;
  /** Null where nothing is mixed. */
  mixing: Mixing | null;
  /** Which augmentation each sample went through; null without. */
  augmentations: Uint8Array | null;
  stage: number;
}

/** A network under its loss. */
export interface LearningNetwork {
  readonly variables: readonly Variable[];
  readonly stateVariables: readonly Variable[];
  /** Called within a tidy. */
  loss(batch: TensorBatch, pass: NetworkPass): TrainingLoss;
  /**
   * What windows are scored by, `[n, nOutputs]`. Called within a tidy.
   * @param machine index among those that are watched
   */
  outputs(inputs: Tensor[], machine: number): Tensor2D;
  toWeights(): Promise<WeightMap>;
  /** @throws BundleError naming what is missing, misshapen or not finite */
  loadWeights(weights: WeightMap): void;
  dispose(): void;
}

/** Windows of a clip, and what the network made of them. */
export interface WindowOutputs {
  nWindows: number;
  /** `[nWindows, nOutputs]` */
  outputs: Float32Array;
  nOutputs: number;
  /** One array an input, `[nWindows, size]`. */
  inputs: readonly Float32Array[];
}

export type FittedArrays = ReadonlyMap<string, WeightArray<Float64Array>>;

/** Whose windows a rule is fitted on. */
export interface ObservedClip {
  classIndex: number;
  domain?: Clip['domain'] | undefined;
}

/** Makes anomaly scores of outputs. */
export interface ScoreRule {
  /** Takes in the windows of a training clip; left out where nothing is fitted. */
  observe?(windows: WindowOutputs, clip: ObservedClip): void;
  /** Once all have been observed; returns warnings. @throws where they cannot carry what is fitted */
  finish?(): string[];
  /** One score a window, higher is more anomalous. */
  score(windows: WindowOutputs, classIndex: number): Float64Array;
  /** What was fitted. */
  toArrays(): Map<string, WeightArray<Float64Array>>;
  /** Values of the outputs that are the embedding; 0 where there is none. */
  readonly embeddingSize: number;
  /** Whether the score of a sound is the same whichever machine it is of, so that another one needs a threshold alone. */
  readonly isSameForAll: boolean;
}

export interface RuleContext<Config extends NetworkConfig = NetworkConfig> {
  config: Config;
  nClasses: number;
  /** Classes of the machines that are watched. */
  watched: readonly number[];
  /** Of the trained network. */
  weights: WeightMap;
  /** Of a model that was saved; null for one that is to be fitted. */
  fitted: FittedArrays | null;
}

/** The part of a system that needs tfjs. */
export interface NetworkMethod<Config extends NetworkConfig> {
  create(setup: NetworkSetup<Config>): LearningNetwork;
  /** @throws RangeError for fitted arrays that do not fit */
  createRule(context: RuleContext<Config>): ScoreRule;
  /** How a batch of so many samples is mixed; left out where none is. */
  mixup?(config: Config, nSamples: number, random: () => number): Mixup | null;
  augmentation?: Augmentation<Config> | undefined;
}

/** Changes of windows that the network learns to tell; the first one changes nothing. */
export interface Augmentation<Config extends NetworkConfig> {
  count(config: Config): number;
  /** In place. */
  apply(window: Float32Array, index: number, facts: { config: Config; nMels: number; nFrames: number }): void;
}
