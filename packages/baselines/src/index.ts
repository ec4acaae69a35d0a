export { type LevelConfig, level } from './level/level';
export { bandStatistics, type Statistics } from './mel-statistics/band-statistics';
export { type MelStatisticsConfig, melStatistics } from './mel-statistics/mel-statistics';
export { modulationSpectrum } from './modulation-statistics/modulation-spectrum';
export {
  type ModulationStatisticsConfig,
  modulationStatistics,
} from './modulation-statistics/modulation-statistics';
export { MODEL_FILE } from './shared/model-file';
export { rankedPooling } from './twfr-gmm/ranked-pooling';
export { type TwfrGmmConfig, twfrGmm } from './twfr-gmm/twfr-gmm';
