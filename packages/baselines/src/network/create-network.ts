import {
  createDifferentiable,
  createTfOps,
  type ExtractorOps,
  type ParameterSpec,
  VariableStore,
  WeightMismatchError,
} from '@serial-oe/efficientnet-extractor/layers';
import { COUNT, checkNumber } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import type { WeightMap } from '@serial-oe/safetensors';
import { type Tensor, type Tensor2D, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core';
import type { LayerContext } from './layers/layer';
import type { Network } from './network';

/** What every network takes. */
export interface CommonNetworkOptions {
  /** Of the initial weights, an integer >= 0. */
  seed: number;
  /** Implementation of the operations: `fastestOps` of @serial-oe/runtime knows the fastest; default tfjs's own. */
  ops?: ExtractorOps | undefined;
}

export interface NetworkPlan<Inputs extends readonly Tensor[]> extends CommonNetworkOptions {
  /** How its variables are called. */
  name: string;
  /** In the order of the forward pass. */
  parameters: readonly ParameterSpec[];
  forward(inputs: Inputs, context: LayerContext): Tensor2D;
}

/** A network of variables and a function. */
export function createNetwork<Inputs extends readonly Tensor[]>({
  name,
  parameters,
  forward,
  seed,
  ops = createTfOps(),
}: NetworkPlan<Inputs>): Network<Inputs> {
  checkNumber(`baselines.${name}: seed`, seed, COUNT);
  const store = new VariableStore(parameters, { seed, networkName: name, packageName: 'baselines' });
  const differentiable = createDifferentiable();
  return {
    variables: store.list(true),
    stateVariables: store.list(false),
    forward: (inputs, { training }) =>
      tidy(() => forward(inputs, { ops, store, differentiable, isTraining: training })),
    countMultiplyAccumulates: (inputShapes) =>
      countMultiplyAccumulates({ ops, store, differentiable }, (context) => {
        const inputs = inputShapes.map((shape) => zeros([1, ...shape])) as readonly Tensor[] as Inputs;
        forward(inputs, context);
      }),
    toWeights: () => store.toWeightsAsync(),
    loadWeights: (weights: WeightMap) => loadWeights(store, name, weights),
    dispose: () => store.dispose(),
  };
}

/** Runs a forward pass in evaluation mode and adds up what its convolutions multiply. */
function countMultiplyAccumulates(
  { ops, ...context }: Omit<LayerContext, 'isTraining'>,
  run: (context: LayerContext) => void,
): number {
  let total = 0;
  const countProducts = (n: number) => {
    total += n;
  };
  const counted = (y: Tensor4D, [height, width, nIn]: readonly [number, number, number]) => {
    countProducts(y.size * height * width * nIn);
    return y;
  };
  const counting: ExtractorOps = {
    ...ops,
    conv2d: (x, filter, options) =>
      counted(ops.conv2d(x, filter, options), [filter.shape[0], filter.shape[1], filter.shape[2]]),
    pointwiseConv2d: (x, filter) => counted(ops.pointwiseConv2d(x, filter), [1, 1, filter.shape[2]]),
    depthwiseConv2d: (x, filter, options) =>
      counted(ops.depthwiseConv2d(x, filter, options), [filter.shape[0], filter.shape[1], 1]),
  };
  tidy(() => run({ ...context, ops: counting, isTraining: false, countProducts }));
  return total;
}

function loadWeights(store: VariableStore, name: string, weights: WeightMap): void {
  try {
    store.load(`${name}.loadWeights`, weights);
  } catch (error) {
    if (!(error instanceof WeightMismatchError || error instanceof RangeError)) throw error;
    throw new BundleError('weights', error.message, { cause: error });
  }
}
