import { ABOVE_ZERO, RATE } from '@serial-oe/foundation';
import { arcFaceFields, CLASSIFIER_END, CLASSIFIER_SCORE, clipFields } from '../classifier/classifier-fields';
import { batchFields, cosineFields, optimizationFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { numberField, wordField } from '../shared/config-fields';
import { QUICK_CLASSIFIER, TABLE } from '../stgram-mfn/stgram-mfn-config';

/** Constants of Choi and Choi, ICASSP 2024, and of their code (soonhyeon/Noisy-ArcMix); AdamW's weight decay is PyTorch's. */
const FIELDS = {
  ...clipFields({ nFft: 2048 }),
  network: { table: wordField(TABLE.words, 'head', TABLE.help) },
  loss: {
    ...arcFaceFields({ margin: 0.7, scale: 30 }),
    variant: wordField(
      ['noisyArcMix', 'arcMix', 'arcFace'],
      'noisyArcMix',
      "Of a mixed sample: 'noisyArcMix', the margin is on its own class for both terms of the loss; 'arcMix', on the class of each term; 'arcFace', nothing is mixed.",
    ),
    beta: numberField(ABOVE_ZERO, 0.5, 'Both shapes of the beta distribution of lambda, one a batch.'),
  },
  batch: batchFields(64),
  optimization: optimizationFields({ nEpochs: 300, learningRate: 1e-4, weightDecay: 0.01 }),
  schedule: cosineFields({ floor: 0.1, startEpoch: 0 }),
  validation: {
    fraction: numberField(
      RATE,
      0.05,
      'Share of the training clips that is held out; the epoch of the lowest loss on them is taken. 0: the last epoch.',
    ),
  },
  score: CLASSIFIER_SCORE,
  ...CLASSIFIER_END,
};

export const NOISY_ARCMIX_FIELDS = {
  where: 'baselines.noisy-arcmix',
  fields: FIELDS,
  quick: QUICK_CLASSIFIER,
};

export type NoisyArcmixConfig = PresetConfig<typeof FIELDS>;
