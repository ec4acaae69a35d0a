import { reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { createDenseAutoencoder } from '../network/dense-autoencoder';
import type { LearningNetwork, NetworkMethod, NetworkSetup } from '../network-system/network-method';
import type { AutoencoderConfig } from './autoencoder-config';
import { ReconstructionError } from './reconstruction-error';
import { reconstructionLoss } from './reconstruction-loss';
import { SelectiveMahalanobis } from './selective-mahalanobis';

export const autoencoderMethod: NetworkMethod<AutoencoderConfig> = {
  create,
  createRule: ({ config, fitted }) =>
    config.score === 'mse' ? new ReconstructionError() : new SelectiveMahalanobis(sizeOf(config), fitted),
};

function sizeOf({ network, frontEnd }: AutoencoderConfig): number {
  return network.nFrames * frontEnd.nMels;
}

function create({ config, ops }: NetworkSetup<AutoencoderConfig>): LearningNetwork {
  const { nHidden, nBottleneck } = config.network;
  const nInputs = sizeOf(config);
  const network = createDenseAutoencoder({ nInputs, nHidden, nBottleneck, seed: config.seed, ops });
  const vectors = ([input]: Tensor[]): Tensor2D => reshape(input!, [-1, nInputs]);
  return {
    variables: network.variables,
    stateVariables: network.stateVariables,
    loss({ inputs }, { training }) {
      const x = vectors(inputs);
      return { loss: reconstructionLoss(network.forward([x], { training }), x), terms: {} };
    },
    outputs: (inputs) => network.forward([vectors(inputs)], { training: false }),
    toWeights: () => network.toWeights(),
    loadWeights: (weights) => network.loadWeights(weights),
    dispose: () => network.dispose(),
  };
}
