import type { WeightMap } from '@serial-oe/safetensors';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';

/** How a batch passes a network. */
export interface ForwardOptions {
  /** Batch statistics (running ones follow them) and dropout, or running statistics and none. */
  training: boolean;
}

/** A network with weights of its own: from a batch of inputs to one vector a sample. */
export interface Network<Inputs extends readonly Tensor[] = readonly Tensor[]> {
  /** What the optimizer changes, in a fixed order. */
  readonly variables: readonly Variable[];
  /** What follows the data without gradients: running statistics of BatchNorm. In a fixed order. */
  readonly stateVariables: readonly Variable[];
  /** `[batch, nOutputs]`; differentiable by all {@link variables}. Called within a tidy. */
  forward(inputs: Inputs, options: ForwardOptions): Tensor2D;
  /**
   * Multiply-accumulates of convolutions and dense layers for one sample, counted in a forward pass.
   * @param inputShapes of each input, without the batch
   */
  countMultiplyAccumulates(inputShapes: readonly (readonly number[])[]): number;
  /** All weights and running statistics, by the names of the layers. */
  toWeights(): Promise<WeightMap>;
  /** @throws BundleError naming what is missing, misshapen or not finite; nothing is changed then */
  loadWeights(weights: WeightMap): void;
  dispose(): void;
}
