import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from '../network/create-network';
import { relu } from '../network/layers/activations';
import { dense } from '../network/layers/convolution';
import { torchUniform } from '../network/layers/initializers';
import { sequence } from '../network/layers/layer';
import { flattened, reshaped } from '../network/layers/shape';
import type { Network } from '../network/network';

export interface ProjectorOptions extends CommonNetworkOptions {
  nFeatures: number;
  nProjected: number;
}

/** SimCLR's head: a dense layer as wide as the features, ReLU, and a dense layer to what the contrastive loss compares. */
export function createProjector({
  nFeatures,
  nProjected,
  ...common
}: ProjectorOptions): Network<readonly [Tensor2D]> {
  const linear = (name: string, nIn: number, nOut: number) =>
    dense(name, { nIn, nOut, initializer: torchUniform, bias: torchUniform });
  const layers = sequence(
    linear('hidden', nFeatures, nFeatures),
    relu(),
    linear('projection', nFeatures, nProjected),
  );
  return createNetwork({
    ...common,
    name: 'projector',
    parameters: layers.parameters,
    forward([features], context) {
      const { differentiable } = context;
      const vectors = reshaped<Tensor4D>(differentiable, features, [features.shape[0], 1, 1, nFeatures]);
      return flattened(differentiable, layers.apply(vectors, context));
    },
  });
}
