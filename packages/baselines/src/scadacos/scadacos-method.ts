import { seededRandom } from '@serial-oe/foundation';
import { SubClusterAdaCos, weightedSum } from '@serial-oe/losses-mixup';
import { BundleError } from '@serial-oe/runtime/contract';
import type { WeightMap } from '@serial-oe/safetensors';
import { expandDims, mul, type Tensor, type Tensor4D, tensor2d } from '@tensorflow/tfjs-core';
import { classTargets } from '../classifier/class-targets';
import { GaussianScore } from '../classifier/gaussian-score';
import { createScadacosNetwork } from '../network/scadacos-network';
import { joinWeights, weightsOf } from '../network-system/joined-weights';
import type { LearningNetwork, NetworkMethod, NetworkSetup } from '../network-system/network-method';
import { kernelPenalty } from './kernel-penalty';
import type { ScadacosConfig } from './scadacos-config';

export const scadacosMethod: NetworkMethod<ScadacosConfig> = {
  create,
  createRule({ config, watched, weights, fitted }) {
    const { nComponents, regCovar } = config.score;
    const { embeddingSize } = config.network;
    const centres = nComponents === config.loss.nSubClusters ? (weights.get(CENTRES)?.data ?? null) : null;
    return new GaussianScore({
      embeddingSize,
      watched,
      centres,
      nComponents,
      regCovar,
      seed: config.seed,
      fitted,
    });
  },
  mixup({ loss: { useMixup } }, nSamples, random) {
    if (!useMixup) return null;
    return {
      lambda: Float32Array.from({ length: nSamples }, random),
      permutation: Int32Array.from({ length: nSamples }, (_, i) => nSamples - 1 - i),
    };
  },
};

const CENTRES = 'head/weight';
const SCALE = 'head/scale';

function create({
  config,
  nClasses,
  classCounts,
  window,
  nMels,
  ops,
}: NetworkSetup<ScadacosConfig>): LearningNetwork {
  const { seed, network: sizes, loss } = config;
  const { embeddingSize } = sizes;
  const network = createScadacosNetwork({ seed, ops, embeddingSize, nFrames: window.nFrames, nMels });
  const { nSubClusters, isTrainable, useDynamicScale, l2 } = loss;
  const adaCos = new SubClusterAdaCos({
    ...{ nClasses, embeddingSize, nSubClusters, isTrainable, useDynamicScale, weighting: 'target' },
    random: seededRandom(seed, 'class directions'),
  });
  const [centres, scale] = adaCos.variables as [(typeof adaCos.variables)[0], (typeof adaCos.variables)[0]];
  const kernels = network.variables.filter(({ rank }) => rank > 1);
  const image = ([input]: Tensor[]): readonly [Tensor4D] => [expandDims<Tensor4D>(input!, 3)];
  return {
    variables: [...network.variables, ...(isTrainable ? [centres] : [])],
    stateVariables: [...network.stateVariables, scale],
    loss({ inputs, labels, mixing }, { training }) {
      const embeddings = network.forward(image(inputs), { training });
      const weights = Float32Array.from(labels, (label) => classWeight(classCounts, label));
      const targets = mul(classTargets(labels, nClasses, mixing), tensor2d(weights, [labels.length, 1]));
      const idLoss = adaCos.loss(embeddings, targets, { training });
      const value = l2 === 0 ? idLoss : weightedSum([idLoss, kernelPenalty(kernels, l2)], [1, 1]);
      return { loss: value, terms: {} };
    },
    outputs: (inputs) => network.forward(image(inputs), { training: false }),
    async toWeights() {
      const state = await adaCos.getStateAsync();
      const head: WeightMap = new Map([
        ['weight', { shape: [nClasses * nSubClusters, embeddingSize], data: state.weight }],
        ['scale', { shape: [1], data: Float32Array.of(state.scale) }],
      ]);
      return joinWeights({ network: await network.toWeights(), head });
    },
    loadWeights(weights) {
      const [weight, factor] = [weights.get(CENTRES)?.data, weights.get(SCALE)?.data[0]];
      if (weight === undefined || factor === undefined)
        throw new BundleError(
          'weights',
          `baselines.scadacos: the weights must hold ${CENTRES} and ${SCALE}.`,
        );
      network.loadWeights(weightsOf(weights, 'network'));
      adaCos.setState({ nClasses, embeddingSize, nSubClusters, scale: factor, weight });
    },
    dispose() {
      network.dispose();
      adaCos.dispose();
    },
  };
}

/** Balanced: what a class of an average number of clips would weigh is 1. */
function classWeight(counts: readonly number[] | undefined, label: number): number {
  if (counts === undefined) return 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total / (counts.length * Math.max(1, counts[label]!));
}
