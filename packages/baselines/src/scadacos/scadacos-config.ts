import { AT_LEAST_ZERO, POSITIVE_COUNT } from '@serial-oe/foundation';
import { CLASSIFIER_END, clipFields } from '../classifier/classifier-fields';
import { batchFields, optimizationFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { numberField, switchField } from '../shared/config-fields';

/**
 * Constants of Wilkinghoff, IJCNN 2021, and of his code; 16 sub-clusters and Gaussians are those of the Serial-OE paper's
 * comparison.
 */
const FIELDS = {
  ...clipFields({ nFft: 1024 }),
  network: { embeddingSize: numberField(POSITIVE_COUNT, 128, 'Values of an embedding.') },
  loss: {
    nSubClusters: numberField(POSITIVE_COUNT, 16, 'Centres of each machine.'),
    isTrainable: switchField(true, 'Whether centres are trained, or stay where they were drawn.'),
    useDynamicScale: switchField(
      true,
      'Whether the scale of the cosines follows the training, or stays at its start.',
    ),
    useMixup: switchField(
      true,
      'Whether each sample is mixed with one of the reversed batch, lambda uniform in [0, 1].',
    ),
    l2: numberField(AT_LEAST_ZERO, 1e-5, 'Times the squares of all kernels, added to the loss.'),
  },
  batch: batchFields(64),
  optimization: optimizationFields({ nEpochs: 400, learningRate: 1e-3 }),
  score: {
    nComponents: numberField(
      POSITIVE_COUNT,
      16,
      'Gaussians of a machine; where there are as many as sub-clusters, their means start at the centres.',
    ),
    regCovar: numberField(AT_LEAST_ZERO, 1e-3, 'Added to their variances.'),
  },
  ...CLASSIFIER_END,
};

export const SCADACOS_FIELDS = {
  where: 'baselines.scadacos',
  fields: FIELDS,
  quick: {
    loss: { nSubClusters: 4 },
    batch: { size: 16 },
    optimization: { nEpochs: 40 },
    score: { nComponents: 4 },
  },
};

export type ScadacosConfig = PresetConfig<typeof FIELDS>;
