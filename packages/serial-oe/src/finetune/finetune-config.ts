import type { SerialOeConfig, SerialOeConfigOverrides } from '../config/config';
import { mergeConfig } from '../config/merge-config';
import { PRESETS } from '../config/presets';
import { resolveConfig } from '../config/resolve-config';

/** Tuning moves weights that are good already: a tenth of the preset's learning rate, for a quarter of its epochs. */
const SHARES = { maxLearningRate: 1 / 10, nEpochs: 1 / 4 };
/** Share of the outliers of a batch that are known anomalies: they are what tuning is for. */
const ANOMALOUS_SHARE = 1 / 4;

/**
 * The configuration by which a model that was trained by `config` is tuned further: fewer epochs and a lower learning rate than its
 * preset's (a configuration that has less than that already keeps it), and a quarter of the outliers of a batch known anomalies.
 * @throws as `resolveConfig`
 */
export function finetuneConfig(
  config: SerialOeConfig,
  overrides: SerialOeConfigOverrides = {},
): SerialOeConfig {
  const { optimization } = PRESETS[config.preset];
  const nEpochs = Math.max(1, Math.round(SHARES.nEpochs * optimization.nEpochs));
  const maxLearningRate = SHARES.maxLearningRate * optimization.maxLearningRate;
  const { nOutliers, nAnomalous } = config.batch;
  const { selection } = config.validation;
  const tuned = mergeConfig('finetune', config, {
    optimization: {
      nEpochs: Math.min(config.optimization.nEpochs, nEpochs),
      maxLearningRate: Math.min(config.optimization.maxLearningRate, maxLearningRate),
    },
    batch: { nAnomalous: Math.max(nAnomalous, Math.floor(ANOMALOUS_SHARE * nOutliers)) },
    validation: { selection: selection === 'best' ? 'best' : 'last' },
  });
  return resolveConfig(config.preset, mergeConfig('finetune', tuned, overrides));
}
