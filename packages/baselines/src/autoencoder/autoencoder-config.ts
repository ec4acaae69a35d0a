import { POSITIVE_COUNT } from '@serial-oe/foundation';
import { CALIBRATION, optimizationFields, windowFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { DECISION, frontEndFields, numberField, SEED, wordField } from '../shared/config-fields';

/** Constants of the baseline of DCASE2020 Task 2 (y-kawagu/dcase2020_task2_baseline). */
const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 1024, hopLength: 512, nMels: 128 }),
  network: {
    nFrames: numberField(POSITIVE_COUNT, 5, 'Neighbouring frames that make an input.'),
    nHidden: numberField(POSITIVE_COUNT, 128, 'Width of the four layers on each side.'),
    nBottleneck: numberField(POSITIVE_COUNT, 8, 'Width in the middle.'),
  },
  batch: windowFields({ size: 512, windowsPerClip: 309 }),
  optimization: optimizationFields({ nEpochs: 100, learningRate: 1e-3 }),
  score: wordField(
    ['mse', 'mahalanobis'],
    'mse',
    "What makes the score of a reconstruction: 'mse', its mean squared error (2020), or 'mahalanobis', the squared distance under the covariance of the training clips' errors, of source or target domain, whichever is less (2023).",
  ),
  calibration: CALIBRATION,
  decision: DECISION,
};

export const AUTOENCODER_FIELDS = {
  where: 'baselines.autoencoder',
  fields: FIELDS,
  quick: { batch: { size: 128, windowsPerClip: 64 }, optimization: { nEpochs: 40 } },
};

export type AutoencoderConfig = PresetConfig<typeof FIELDS>;
