import type {
  Differentiable,
  ExtractorOps,
  ParameterSpec,
  VariableStore,
} from '@serial-oe/efficientnet-extractor/layers';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** What a layer needs besides its input. */
export interface LayerContext {
  ops: ExtractorOps;
  store: VariableStore;
  /** Makes an operation with a gradient of its own. */
  differentiable: Differentiable;
  /** Batch statistics, which also move the running ones, or running statistics. */
  isTraining: boolean;
  /** Told the multiply-accumulates of layers that {@link ops} do not compute. */
  countProducts?(n: number): void;
}

/** From images `[batch, height, width, channels]` to images. A vector is an image of 1 x 1, a course over time one of 1 x nFrames. */
export interface Layer {
  /** Its tensors, in the order of the forward pass. */
  readonly parameters: readonly ParameterSpec[];
  apply(x: Tensor4D, context: LayerContext): Tensor4D;
}

/** One layer after the other. */
export function sequence(...layers: readonly Layer[]): Layer {
  return {
    parameters: layers.flatMap(({ parameters }) => parameters),
    apply: (x, context) => layers.reduce((h, layer) => layer.apply(h, context), x),
  };
}

/** The sum of what the branches make of the same input; an empty sequence hands on the input itself. */
export function sumOf(first: Layer, second: Layer): Layer {
  return {
    parameters: [...first.parameters, ...second.parameters],
    apply: (x, context) => context.ops.add(first.apply(x, context), second.apply(x, context)),
  };
}
