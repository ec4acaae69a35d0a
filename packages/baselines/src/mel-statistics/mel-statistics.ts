import {
  type ConfigOf,
  DECISION,
  frontEndFields,
  resolveFields,
  SEED,
  wordField,
} from '../shared/config-fields';
import { logDistance } from '../shared/log-distance';
import type { VectorMethod } from '../shared/vector-method';
import { vectorSystem } from '../shared/vector-system';
import { bandStatistics, type Statistics } from './band-statistics';

const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 2048, hopLength: 512, nMels: 64 }),
  statistics: wordField<Statistics>(
    ['mean', 'meanDeviation', 'meanDeviationRoughness'],
    'meanDeviation',
    "Of each band over time: 'mean' alone; 'meanDeviation' with the standard deviation; 'meanDeviationRoughness' with that of the " +
      'differences from frame to frame too.',
  ),
  decision: DECISION,
};

export type MelStatisticsConfig = ConfigOf<typeof FIELDS>;

export const melStatisticsMethod: VectorMethod<MelStatisticsConfig> = {
  name: 'mel-statistics',
  resolveConfig: (overrides) => resolveFields('baselines.mel-statistics: config', FIELDS, overrides),
  choices: () => [{}],
  describe: (spectrogram, { statistics }) => [bandStatistics(spectrogram, statistics)],
  detector: () => ({ kind: 'mahalanobisDistance', shrinkage: 'ledoitWolf' }),
  makers: () => ({}),
  toAnomalyScore: logDistance,
};

/**
 * Mean and deviation over time of 64 log-mel bands, and Mahalanobis' distance to a machine's normal clips under their
 * covariance, shrunk by Ledoit and Wolf's formula; the anomaly score is the natural logarithm of that distance. No network,
 * no outliers, seconds to fit: what any other system has to beat.
 */
export const melStatistics = vectorSystem(melStatisticsMethod);
