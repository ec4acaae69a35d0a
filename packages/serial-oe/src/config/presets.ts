import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from './config';
import { configFields } from './config-fields';
import { mergeConfig } from './merge-config';
import { REFERENCE_DIFFERENCES } from './reference-differences';

/** The paper: every constant as printed (docs/method.md lists them with their source). They stand in the schema. */
const PAPER = paperConfig();

/** The paper with each difference of the published Python code that is a matter of configuration. */
const REFERENCE = REFERENCE_DIFFERENCES.reduce<SerialOeConfig>(
  (config, difference) =>
    difference.kind === 'config' ? mergeConfig('PRESETS', config, difference.changes) : config,
  { ...PAPER, preset: 'reference' },
);

/**
 * For minutes instead of hours on a CPU, and for few clips: spectrograms with half the mel bands and half the frames,
 * smaller batches, fewer epochs, and mixtures whose covariance a few hundred chunks can carry.
 *
 * The learning rate is five times the paper's: AdamW moves a weight by at most about the learning rate a step, and a
 * few hundred steps at 1e-3 leave the two scalars of the type head where they were drawn (L_type stays at chance).
 */
const QUICK: SerialOeConfigOverrides = {
  preset: 'quick',
  frontEnd: { hopLength: 512, nMels: 128 },
  batch: { nNormal: 16, nOutliers: 16 },
  optimization: { nEpochs: 40, maxLearningRate: 5e-3 },
  network: { typeHeadStart: 3 },
  validation: { fraction: 1 / 6 },
  detector: { kind: 'clipMahalanobis', regCovar: 1e-3, fitOn: 'all' },
};

/** The presets by name. Frozen: change a copy, or pass overrides to `resolveConfig`. */
export const PRESETS: Readonly<Record<PresetName, Readonly<SerialOeConfig>>> = deepFreeze({
  paper: PAPER,
  reference: REFERENCE,
  quick: mergeConfig('PRESETS', PAPER, QUICK),
});

function paperConfig(): SerialOeConfig {
  const config: Record<string, unknown> = {};
  for (const { keys, paper } of configFields()) {
    const [name = '', key] = keys;
    config[name] = key === undefined ? paper : { ...(config[name] as object | undefined), [key]: paper };
  }
  return config as SerialOeConfig;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
