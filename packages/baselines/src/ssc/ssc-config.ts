import { ABOVE_ZERO, COUNT, numberWithin, POSITIVE_COUNT } from '@serial-oe/foundation';
import { CLASSIFIER_END } from '../classifier/classifier-fields';
import { optimizationFields, windowFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { frontEndFields, numberField, SEED, switchField } from '../shared/config-fields';

/** Constants of the MobileNetV2 baseline of DCASE2021 Task 2; the augmentations are chosen here. */
const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 1024, hopLength: 512, nMels: 128 }),
  network: {
    nFrames: numberField(POSITIVE_COUNT, 64, 'Frames of an image.'),
    hop: numberField(POSITIVE_COUNT, 8, 'Frames from one image to the next where a clip is scored.'),
    width: numberField(ABOVE_ZERO, 0.5, 'What the channels of MobileNetV2 are multiplied by.'),
    batchNormMomentum: numberField(
      numberWithin(Number.MIN_VALUE, 1),
      0.001,
      'Weight of a batch in the running statistics; they say nothing before several times 1 / weight updates.',
    ),
  },
  augmentation: {
    isUsed: switchField(
      true,
      'Whether the network tells augmentations apart too: none, time reversed, bands moved up, bands moved down.',
    ),
    nBands: numberField(COUNT, 8, 'Mel bands that an image is moved by.'),
  },
  batch: windowFields({ size: 32, windowsPerClip: 32 }),
  optimization: optimizationFields({ nEpochs: 20, learningRate: 1e-5 }),
  ...CLASSIFIER_END,
};

export const SSC_FIELDS = {
  where: 'baselines.ssc',
  fields: FIELDS,
  // A hundred updates or so: at Keras' 0.001 the running statistics would hardly have left their start.
  quick: {
    network: { batchNormMomentum: 0.1 },
    batch: { windowsPerClip: 4 },
    optimization: { nEpochs: 15, learningRate: 1e-3 },
  },
};

export type SscConfig = PresetConfig<typeof FIELDS>;
