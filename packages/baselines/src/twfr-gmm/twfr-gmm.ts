import type { MixtureMaker } from '@serial-oe/detectors';
import { checkNumber, FRACTION, numberWithin, wholeNumber } from '@serial-oe/foundation';
import { type CovarianceType, GaussianMixture, type GaussianMixtureJSON } from '@serial-oe/gmm';
import {
  type ConfigOf,
  DECISION,
  type Field,
  frontEndFields,
  numberField,
  resolveFields,
  SEED,
  wordField,
} from '../shared/config-fields';
import type { VectorMethod } from '../shared/vector-method';
import { vectorSystem } from '../shared/vector-system';
import { rankedPooling } from './ranked-pooling';

/** Ranks that 'auto' chooses from, from the maximum to the mean. */
const RANKS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1];

const RANK: Field<number | 'auto'> = {
  fallback: 'auto',
  help: "r of the pooling's weights r^(i - 1): 0 is the maximum over time, 1 the mean; 'auto' chooses by normal clips alone.",
  type: `${FRACTION.rule.slice('be '.length)}, or 'auto'`,
  check: (where, value) =>
    value === 'auto'
      ? value
      : checkNumber(where, value, { ...FRACTION, rule: `${FRACTION.rule}, or 'auto'` }),
};

const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 1024, hopLength: 512, nMels: 128 }),
  rank: RANK,
  detector: {
    nComponents: numberField(wholeNumber(1, 64), 1, 'Gaussians of the mixture.'),
    covarianceType: wordField<CovarianceType>(
      ['full', 'tied', 'diag', 'spherical'],
      'full',
      'Covariance of the Gaussians.',
    ),
    varianceFloor: numberField(
      numberWithin(1e-9, 1),
      0.1,
      "Added to the covariances' diagonals: share of the vectors' own mean variance.",
    ),
  },
  decision: DECISION,
};

export type TwfrGmmConfig = ConfigOf<typeof FIELDS>;

export const twfrGmmMethod: VectorMethod<TwfrGmmConfig> = {
  name: 'twfr-gmm',
  resolveConfig: (overrides) => resolveFields('baselines.twfr-gmm: config', FIELDS, overrides),
  choices: ({ rank }) => (rank === 'auto' ? RANKS : [rank]).map((each) => ({ rank: each })),
  describe: (spectrogram, _, choices) =>
    rankedPooling(
      spectrogram,
      choices.map(({ rank }) => rank!),
    ),
  detector: ({ detector }) => ({ kind: 'gaussianMixture', nComponents: detector.nComponents }),
  makers: ({ detector }, context) => ({ gaussianMixture: mixtureMaker(detector, context) }),
  toAnomalyScore: (logLikelihood) => 0 - logLikelihood,
};

/**
 * Bands pooled over time with weights by rank, and a Gaussian mixture on the pooled vectors; the anomaly score is the negative
 * log-likelihood. The rank is chosen for the machine type by how well the pooled vectors of its machines' normal clips are
 * told from each other: the authors chose it by labelled anomalies, which a plant has not.
 *
 * @see J. Guan et al., "Time-weighted frequency domain audio representation with GMM estimator for anomalous sound
 *   detection", ICASSP 2023; front end of their STgram-MFN, other constants are ours
 */
export const twfrGmm = vectorSystem(twfrGmmMethod);

function mixtureMaker(
  { covarianceType, varianceFloor }: TwfrGmmConfig['detector'],
  { variance, random }: { variance: number; random: () => number },
): MixtureMaker {
  const regCovar = varianceFloor * variance;
  return {
    create: ({ nComponents }) => new GaussianMixture({ nComponents, covarianceType, regCovar, random }),
    fromJSON: (json) => GaussianMixture.fromJSON(json as GaussianMixtureJSON, { random }),
  };
}
