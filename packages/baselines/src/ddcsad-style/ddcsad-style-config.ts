import { ABOVE_ZERO, AT_LEAST_ZERO, POSITIVE_COUNT } from '@serial-oe/foundation';
import { batchFields, CALIBRATION, optimizationFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { DECISION, frontEndFields, numberField, SEED } from '../shared/config-fields';

/**
 * Of Kuroyanagi et al., EUSIPCO 2021, the text gives one model a machine, both classes, the kind of both losses and the score; windows
 * of 256 frames and ten of them a clip are known from later work. All other constants stand here because none were published:
 * front end, network, form and weight of the centroid loss, learning rate.
 */
const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 1024, hopLength: 256, nMels: 64 }),
  network: {
    nFrames: numberField(POSITIVE_COUNT, 256, 'Frames of a window.'),
    embeddingSize: numberField(
      POSITIVE_COUNT,
      128,
      'Values of the embedding, whose distances to the centroids are trained.',
    ),
  },
  loss: {
    centroidWeight: numberField(
      AT_LEAST_ZERO,
      0.1,
      'What the centroid loss counts beside the binary cross-entropy.',
    ),
    margin: numberField(ABOVE_ZERO, 4, "How far a sample is pushed from the other class's centroid."),
  },
  batch: {
    ...batchFields(64),
    nSteps: numberField(
      POSITIVE_COUNT,
      100,
      'Updates of an epoch; half of each batch is the machine itself.',
    ),
  },
  optimization: optimizationFields({ nEpochs: 45, learningRate: 1e-3 }),
  score: { nWindows: numberField(POSITIVE_COUNT, 10, 'Windows of a clip, spread evenly over it.') },
  calibration: CALIBRATION,
  decision: DECISION,
};

export const DDCSAD_STYLE_FIELDS = {
  where: 'baselines.ddcsad-style',
  fields: FIELDS,
  quick: {
    network: { nFrames: 64 },
    batch: { size: 16, nSteps: 10 },
    optimization: { nEpochs: 8 },
  },
};

export type DdcsadStyleConfig = PresetConfig<typeof FIELDS>;
