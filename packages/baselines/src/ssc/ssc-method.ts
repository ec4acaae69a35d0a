import { crossEntropyIdLoss } from '@serial-oe/losses-mixup';
import { expandDims, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { classTargets } from '../classifier/class-targets';
import { createMobileNetV2 } from '../network/mobile-net-v2';
import type { LearningNetwork, NetworkMethod, NetworkSetup } from '../network-system/network-method';
import { OddsScore } from './odds-score';
import { AUGMENTATIONS, augmentSpectrogram } from './spectrogram-augmentation';
import type { SscConfig } from './ssc-config';

const countAugmentations = ({ augmentation }: SscConfig) => (augmentation.isUsed ? AUGMENTATIONS.length : 1);

export const sscMethod: NetworkMethod<SscConfig> = {
  create,
  createRule: ({ config }) => new OddsScore(countAugmentations(config)),
  augmentation: {
    count: countAugmentations,
    apply(window, index, { config, nMels, nFrames }) {
      augmentSpectrogram(window, AUGMENTATIONS[index]!, {
        nMels,
        nFrames,
        nBands: config.augmentation.nBands,
      });
    },
  },
};

/** One class for each machine and augmentation, those of a machine side by side. */
function create({ config, nClasses, nMels, ops }: NetworkSetup<SscConfig>): LearningNetwork {
  const { seed, network: sizes } = config;
  const nAugmentations = countAugmentations(config);
  const nAll = nClasses * nAugmentations;
  const network = createMobileNetV2({
    ...{ seed, ops, nClasses: nAll, width: sizes.width, inputShape: [sizes.nFrames, nMels] },
    batchNormMomentum: sizes.batchNormMomentum,
  });
  const image = ([input]: Tensor[]): readonly [Tensor4D] => [expandDims<Tensor4D>(input!, 3)];
  return {
    variables: network.variables,
    stateVariables: network.stateVariables,
    loss({ inputs, labels, augmentations }, { training }) {
      const classes = labels.map((label, i) => label * nAugmentations + (augmentations?.[i] ?? 0));
      const logits = network.forward(image(inputs), { training });
      return { loss: crossEntropyIdLoss(logits, classTargets(classes, nAll)), terms: {} };
    },
    outputs: (inputs) => network.forward(image(inputs), { training: false }),
    toWeights: () => network.toWeights(),
    loadWeights: (weights) => network.loadWeights(weights),
    dispose: () => network.dispose(),
  };
}
