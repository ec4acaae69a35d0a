import { type ConfigOf, DECISION, frontEndFields, resolveFields, SEED } from '../shared/config-fields';
import { logDistance } from '../shared/log-distance';
import type { VectorMethod } from '../shared/vector-method';
import { vectorSystem } from '../shared/vector-system';
import { LOWEST_MODULATION, modulationSpectrum } from './modulation-spectrum';

const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 1024, hopLength: 256, nMels: 32 }),
  decision: DECISION,
};

export type ModulationStatisticsConfig = ConfigOf<typeof FIELDS>;

const WHERE = 'baselines.modulation-statistics: config';

export const modulationStatisticsMethod: VectorMethod<ModulationStatisticsConfig> = {
  name: 'modulation-statistics',
  resolveConfig(overrides) {
    const config = resolveFields(WHERE, FIELDS, overrides);
    const { sampleRate, hopLength } = config.frontEnd;
    if (sampleRate / hopLength >= 4 * LOWEST_MODULATION) return config;
    throw new RangeError(
      `${WHERE}.frontEnd.hopLength must give at least ${4 * LOWEST_MODULATION} frames a second, got ${hopLength} samples at ${sampleRate} Hz. ` +
        'Choose a smaller one.',
    );
  },
  choices: () => [{}],
  describe: (spectrogram, { frontEnd }) => [
    modulationSpectrum(spectrogram, frontEnd.sampleRate / frontEnd.hopLength),
  ],
  detector: () => ({ kind: 'mahalanobisDistance', shrinkage: 'ledoitWolf' }),
  makers: () => ({}),
  toAnomalyScore: logDistance,
};

/**
 * The rhythm of a machine: how strongly each of 32 log-mel bands swings at 0.5 to 16 Hz, and Mahalanobis' distance to the
 * machine's normal clips under their covariance, shrunk by Ledoit and Wolf's formula. It hears what a mean spectrum does not: strokes
 * that are missed, a load that comes and goes, beats that become slower. No network, no outliers.
 */
export const modulationStatistics = vectorSystem(modulationStatisticsMethod);
