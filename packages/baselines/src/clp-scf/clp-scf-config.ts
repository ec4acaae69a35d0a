import { ABOVE_ZERO, POSITIVE_COUNT } from '@serial-oe/foundation';
import { arcFaceFields, CLASSIFIER_END, CLASSIFIER_SCORE, clipFields } from '../classifier/classifier-fields';
import { batchFields, cosineFields, optimizationFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { numberField, wordField } from '../shared/config-fields';
import { QUICK_CLASSIFIER, TABLE } from '../stgram-mfn/stgram-mfn-config';

/** Constants of Guan et al., ICASSP 2023, and of the code that it goes back to (liuyoude/STgram-MFN-Contrastive). */
const FIELDS = {
  ...clipFields({ nFft: 1024 }),
  network: {
    table: wordField(TABLE.words, 'paper', TABLE.help),
    nProjected: numberField(POSITIVE_COUNT, 128, 'Values that the projector of the contrastive stage gives.'),
  },
  contrastive: {
    nEpochs: numberField(POSITIVE_COUNT, 100, 'Passes over the training clips of the contrastive stage.'),
    learningRate: numberField(ABOVE_ZERO, 5e-4, 'Learning rate of the contrastive stage.'),
    temperature: numberField(ABOVE_ZERO, 0.1, 'Of the supervised contrastive loss.'),
  },
  loss: arcFaceFields({ margin: 1, scale: 30 }),
  batch: batchFields(128),
  optimization: optimizationFields({ nEpochs: 300, learningRate: 1e-4, weightDecay: 1e-6 }),
  schedule: cosineFields({ floor: 0.1, startEpoch: 20 }),
  score: CLASSIFIER_SCORE,
  ...CLASSIFIER_END,
};

export const CLP_SCF_FIELDS = {
  where: 'baselines.clp-scf',
  fields: FIELDS,
  quick: {
    ...QUICK_CLASSIFIER,
    contrastive: { nEpochs: 10, learningRate: 1e-3 },
    optimization: { nEpochs: 20, learningRate: 1e-3 },
  },
};

export type ClpScfConfig = PresetConfig<typeof FIELDS>;
