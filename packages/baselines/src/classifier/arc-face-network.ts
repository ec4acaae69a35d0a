import { seededRandom } from '@serial-oe/foundation';
import { ArcFace } from '@serial-oe/losses-mixup';
import { BundleError } from '@serial-oe/runtime/contract';
import type { WeightMap } from '@serial-oe/safetensors';
import type { NetworkPass, TrainingLoss } from '@serial-oe/training';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Network } from '../network/network';
import { joinWeights, weightsOf } from '../network-system/joined-weights';
import type { LearningNetwork, TensorBatch } from '../network-system/network-method';
import { classTargets } from './class-targets';

/** Where the directions of the classes stand among the weights. */
export const CLASS_WEIGHT = 'head/weight';
/** Before the names of the network's own weights. */
export const NETWORK_PART = 'network';
const HEAD_PART = 'head';
/** Values of the features of MobileFaceNet. */
const N_FEATURES = 128;

export interface ArcFaceNetworkOptions<Inputs extends readonly Tensor[]> {
  /** From inputs to features. Taken over. */
  network: Network<Inputs>;
  /** Brings tensors of windows into the form that the network takes. */
  inputs(tensors: Tensor[]): Inputs;
  /** Default 128. */
  embeddingSize?: number;
  nClasses: number;
  seed: number;
  scale: number;
  margin: number;
  /** The loss of a batch's features; default ArcFace on the labels. */
  loss?: ((features: Tensor2D, batch: TensorBatch, arcFace: ArcFace) => Scalar) | undefined;
}

/** A network whose features are told apart by ArcFace. */
export function arcFaceNetwork<Inputs extends readonly Tensor[]>({
  network,
  inputs,
  ...head
}: ArcFaceNetworkOptions<Inputs>): LearningNetwork {
  const { embeddingSize = N_FEATURES, nClasses, seed, scale, margin, loss } = head;
  const arcFace = new ArcFace({
    ...{ nClasses, embeddingSize, scale, margin, random: seededRandom(seed, 'class directions') },
  });
  const shape = [nClasses, embeddingSize];
  return {
    variables: [...network.variables, ...arcFace.variables],
    stateVariables: network.stateVariables,
    loss(batch: TensorBatch, { training }: NetworkPass): TrainingLoss {
      const features = network.forward(inputs(batch.inputs), { training });
      const value =
        loss?.(features, batch, arcFace) ?? arcFace.loss(features, classTargets(batch.labels, nClasses));
      return { loss: value, terms: {} };
    },
    outputs: (tensors) => network.forward(inputs(tensors), { training: false }),
    async toWeights() {
      const { weight: data } = await arcFace.getStateAsync();
      const directions: WeightMap = new Map([['weight', { shape, data }]]);
      return joinWeights({ [NETWORK_PART]: await network.toWeights(), [HEAD_PART]: directions });
    },
    loadWeights(weights) {
      const data = classDirections(weights, shape);
      network.loadWeights(weightsOf(weights, NETWORK_PART));
      arcFace.setState({ nClasses, embeddingSize, weight: data });
    },
    dispose() {
      network.dispose();
      arcFace.dispose();
    },
  };
}

/** @throws BundleError where they are missing or misshapen */
function classDirections(weights: WeightMap, [nClasses, size]: readonly number[]): Float32Array {
  const found = weights.get(CLASS_WEIGHT);
  if (found?.data.length === nClasses! * size! && found.data.every(Number.isFinite)) return found.data;
  throw new BundleError(
    'weights',
    `baselines: the weights must hold ${CLASS_WEIGHT} of ${nClasses} x ${size} finite values, got ${found?.shape.join(' x ') ?? 'none'}.`,
  );
}
