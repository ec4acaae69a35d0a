import { ABOVE_ZERO, AT_LEAST_ZERO, COUNT, POSITIVE_COUNT, RATE, wholeNumber } from '@serial-oe/foundation';
import { type Field, nullableField, numberField } from '../shared/config-fields';

/** Shortest window of a network that hears whole clips, seconds. */
export const MIN_CLIP_SECONDS = 1;

/** How long a sound is that a network of whole clips hears at once. */
export const CLIP_SECONDS: Field<number | null> = nullableField(
  {
    isValid: (x) => x >= MIN_CLIP_SECONDS && x <= 60,
    rule: `be a number from ${MIN_CLIP_SECONDS} to 60`,
  },
  null,
  'Seconds that the network hears at once. Null: the median length of the training clips, at most 10. Longer clips are cut into windows that overlap by half, whose scores are averaged; shorter ones are repeated.',
);

/** Clips of a step. */
export function batchFields(size: number) {
  return {
    size: numberField(wholeNumber(2), size, 'Samples of an update.'),
    microBatchSize: numberField(
      COUNT,
      0,
      'Samples that pass the network at once; BatchNorm then uses the statistics of each part. 0: the whole batch.',
    ),
  };
}

/** Of systems whose samples are parts of clips. */
export function windowFields({ size, windowsPerClip }: { size: number; windowsPerClip: number }) {
  return {
    ...batchFields(size),
    windowsPerClip: numberField(
      POSITIVE_COUNT,
      windowsPerClip,
      'Parts of each clip that an epoch draws, spread evenly over it.',
    ),
  };
}

/** How the weights move. */
export function optimizationFields(constants: {
  nEpochs: number;
  learningRate: number;
  weightDecay?: number;
}) {
  const { nEpochs, learningRate, weightDecay = 0 } = constants;
  return {
    nEpochs: numberField(POSITIVE_COUNT, nEpochs, 'Passes over the training clips.'),
    learningRate: numberField(ABOVE_ZERO, learningRate, 'Where the learning rate of Adam starts.'),
    weightDecay: numberField(AT_LEAST_ZERO, weightDecay, 'Decoupled (AdamW); 0 is Adam.'),
  };
}

/** How the learning rate falls. */
export function cosineFields(constants: { floor: number; startEpoch: number }) {
  return {
    floor: numberField(
      { isValid: (x) => x >= 0 && x <= 1, rule: 'be a number from 0 to 1' },
      constants.floor,
      'Lowest learning rate of the cosine, as a share of the first.',
    ),
    startEpoch: numberField(
      COUNT,
      constants.startEpoch,
      'Epoch at whose end the rate begins to follow the cosine.',
    ),
  };
}

/** Clips that training leaves out, so that thresholds are set on sounds that it has not seen. */
export const CALIBRATION = {
  fraction: numberField(
    RATE,
    0.1,
    "Share of each watched machine's normal clips that is kept out of training, and at least four where there are twelve; thresholds are set on them. 0: they are set on training clips, which is optimistic.",
  ),
};
