export { autoencoder } from './autoencoder/autoencoder';
export type { AutoencoderConfig } from './autoencoder/autoencoder-config';
export { type LevelConfig, level } from './level/level';
export { bandStatistics, type Statistics } from './mel-statistics/band-statistics';
export { type MelStatisticsConfig, melStatistics } from './mel-statistics/mel-statistics';
export { modulationSpectrum } from './modulation-statistics/modulation-spectrum';
export {
  type ModulationStatisticsConfig,
  modulationStatistics,
} from './modulation-statistics/modulation-statistics';
export type { NetworkSystem } from './network-system/network-system';
export type { FieldDescription } from './network-system/preset-config';
export { noisyArcmix } from './noisy-arcmix/noisy-arcmix';
export type { NoisyArcmixConfig } from './noisy-arcmix/noisy-arcmix-config';
export { MODEL_FILE } from './shared/sealed-model';
export { stgramMfn } from './stgram-mfn/stgram-mfn';
export type { StgramMfnConfig } from './stgram-mfn/stgram-mfn-config';
export { rankedPooling } from './twfr-gmm/ranked-pooling';
export { type TwfrGmmConfig, twfrGmm } from './twfr-gmm/twfr-gmm';
