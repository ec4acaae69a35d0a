import { ABOVE_ZERO, AT_LEAST_ZERO, POSITIVE_COUNT } from '@serial-oe/foundation';
import { CALIBRATION, CLIP_SECONDS } from '../network-system/network-fields';
import type { Stage } from '../network-system/network-spec';
import { DECISION, frontEndFields, numberField, SEED, wordField } from '../shared/config-fields';

const MARGIN = { isValid: (m: number) => m >= 0 && m < Math.PI, rule: 'lie in [0, pi)' };

/** What every classifier of whole clips has. */
export function clipFields({ nFft }: { nFft: number }) {
  return {
    seed: SEED,
    frontEnd: frontEndFields({ nFft, hopLength: 512, nMels: 128 }),
    clipSeconds: CLIP_SECONDS,
  };
}

/** ArcFace's constants. */
export function arcFaceFields({ margin, scale }: { margin: number; scale: number }) {
  return {
    margin: numberField(MARGIN, margin, 'Additive angular margin m of ArcFace, radians.'),
    scale: numberField(ABOVE_ZERO, scale, 'Factor s of the cosines.'),
  };
}

/** What makes a score of the features. */
export const CLASSIFIER_SCORE = {
  kind: wordField(
    ['margin', 'plain', 'gmm'],
    'margin',
    "'margin': minus the log softmax at the machine's own ID, with the margin on it as in training; 'plain': without the margin; 'gmm': minus the log-density of a Gaussian mixture of its normal features.",
  ),
  nComponents: numberField(POSITIVE_COUNT, 1, "Gaussians of a machine, for the kind 'gmm'."),
  regCovar: numberField(AT_LEAST_ZERO, 1e-3, "Added to their variances, for the kind 'gmm'."),
};

export const CLASSIFIER_END = { calibration: CALIBRATION, decision: DECISION };

/** Cosine annealing over the whole stage. */
export function cosineStage(
  { nEpochs, learningRate }: { nEpochs: number; learningRate: number },
  { floor, startEpoch }: { floor: number; startEpoch: number },
): Stage {
  return { nEpochs, learningRate, cosine: { tMax: nEpochs, etaMin: floor * learningRate, startEpoch } };
}
