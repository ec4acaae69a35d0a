import { POSITIVE_COUNT } from '@serial-oe/foundation';
import { arcFaceFields, CLASSIFIER_END, CLASSIFIER_SCORE, clipFields } from '../classifier/classifier-fields';
import { batchFields, cosineFields, optimizationFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { numberField } from '../shared/config-fields';
import { QUICK_CLASSIFIER } from '../stgram-mfn/stgram-mfn-config';

/** Constants of Chen et al., ICASSP 2023, and of their code (chen-hhaa/SW-WaveNet4ASD); epochs are those of its config.yaml. */
const FIELDS = {
  ...clipFields({ nFft: 1024 }),
  network: {
    nHidden: numberField(POSITIVE_COUNT, 512, 'Channels within each WaveNet.'),
    nFeatures: numberField(POSITIVE_COUNT, 128, 'Values of the feature of each WaveNet.'),
    nCycles: numberField(POSITIVE_COUNT, 2, 'Times that the dilations 1, 2, 4, 8 are gone through.'),
  },
  loss: arcFaceFields({ margin: 0.7, scale: 30 }),
  batch: batchFields(64),
  optimization: optimizationFields({ nEpochs: 300, learningRate: 1e-4 }),
  schedule: cosineFields({ floor: 0, startEpoch: 20 }),
  score: CLASSIFIER_SCORE,
  ...CLASSIFIER_END,
};

export const SW_WAVENET_FIELDS = {
  where: 'baselines.sw-wavenet',
  fields: FIELDS,
  quick: { ...QUICK_CLASSIFIER, network: { nHidden: 64 } },
};

export type SwWavenetConfig = PresetConfig<typeof FIELDS>;
