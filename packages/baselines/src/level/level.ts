import { type ConfigOf, DECISION, frontEndFields, resolveFields, SEED } from '../shared/config-fields';
import { logDistance } from '../shared/log-distance';
import type { VectorMethod } from '../shared/vector-method';
import { vectorSystem } from '../shared/vector-system';

const FIELDS = {
  seed: SEED,
  frontEnd: frontEndFields({ nFft: 2048, hopLength: 512, nMels: 64 }),
  decision: DECISION,
};

export type LevelConfig = ConfigOf<typeof FIELDS>;

const method: VectorMethod<LevelConfig> = {
  name: 'level',
  resolveConfig: (overrides) => resolveFields('baselines.level: config', FIELDS, overrides),
  choices: () => [{}],
  describe: ({ data }) => [Float64Array.of(meanLevel(data))],
  detector: () => ({ kind: 'mahalanobisDistance' }),
  makers: () => ({}),
  toAnomalyScore: logDistance,
};

/**
 * How much louder or quieter than its normal clips a machine is, and nothing else: the mean power of all mel bands, dB, in
 * standard deviations. Where this finds the faults, they are a matter of level, or the recordings were made differently.
 */
export const level = vectorSystem(method);

/** Mean of the powers, dB. */
function meanLevel(decibels: Float32Array): number {
  let sum = 0;
  for (const value of decibels) sum += 10 ** (value / 10);
  return 10 * Math.log10(sum / decibels.length);
}
