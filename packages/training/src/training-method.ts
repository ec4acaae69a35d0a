import type { AdamW } from '@serial-oe/optimizers';
import type { WeightMap } from '@serial-oe/safetensors';
import type { Scalar, Variable } from '@tensorflow/tfjs-core';

/** One mini-batch before any audio is touched: everything that is random about it, drawn. Plain data. */
export interface StepPlan {
  /** What its samples are made of; one a sample. */
  readonly clips: ArrayLike<unknown>;
  /** Seed of what the network draws, such as the dropout mask: a non-negative 32-bit integer. */
  readonly dropoutSeed: number;
}

/** Where the mini-batches come from. */
export interface BatchSource<Plan extends StepPlan, Batch> {
  /**
   * The mini-batches of an epoch, from 0; every epoch has as many. They depend on the epoch's number alone, so that a run that
   * resumes in the middle of an epoch draws what the uninterrupted run drew.
   */
  planEpoch(epoch: number): readonly Plan[];
  /** Reads and computes what the plan names; several may be under way. */
  prepare(plan: Plan): Promise<Batch>;
}

/** A term of the loss, for the eye; what it counts in the loss of the whole batch. */
export interface LossTerm {
  value: Scalar;
  weight: number;
}

export interface TrainingLoss {
  /** What is differentiated. */
  loss: Scalar;
  /** By name; null for one that takes no part. */
  terms: Readonly<Record<string, LossTerm | null>>;
}

/** How a batch passes the network. */
export interface NetworkPass {
  /** Batch statistics and dropout, or running statistics and none. */
  training: boolean;
  dropoutSeed: number;
}

/** What learns: variables, their loss, and what updates them. */
export interface TrainedNetwork<Batch> {
  /** Everything that the optimizer changes, in a fixed order. */
  readonly variables: readonly Variable[];
  /** What follows the data without gradients, in a fixed order: running statistics, for example. */
  readonly stateVariables: readonly Variable[];
  readonly optimizer: AdamW;
  /** Sets the optimizer's rate; one step after each update. */
  readonly schedule: LearningRateSchedule;
  countSamples(batch: Batch): number;
  /** Equal parts, of which the mean of the losses is the loss of the batch. */
  split(batch: Batch, nParts: number): Batch[];
  /** The loss as a graph of the variables; called within a tidy. */
  loss(batch: Batch, pass: NetworkPass): TrainingLoss;
  /** The weights of what becomes the model. */
  modelWeights(): Promise<WeightMap>;
  /** All weights, those beside the model's too (class centres of a loss). */
  toWeights(): Promise<WeightMap>;
  /** Puts back what {@link toWeights} gave. */
  loadWeights(weights: WeightMap): void;
  dispose(): void;
}

/** A schedule of the learning rate, such as `OneCycleLR` of @serial-oe/optimizers. */
export interface LearningRateSchedule {
  step(): unknown;
  /** Plain JSON. */
  getState(): object;
  setState(state: never): void;
}

/** What a system brings to be trained. */
export interface TrainingMethod<Plan extends StepPlan, Batch>
  extends BatchSource<Plan, Batch>,
    TrainedNetwork<Batch> {}
