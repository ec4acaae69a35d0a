export { autoencoder } from './autoencoder/autoencoder';
export type { AutoencoderConfig } from './autoencoder/autoencoder-config';
export { clpScf } from './clp-scf/clp-scf';
export type { ClpScfConfig } from './clp-scf/clp-scf-config';
export { ddcsadStyle } from './ddcsad-style/ddcsad-style';
export type { DdcsadStyleConfig } from './ddcsad-style/ddcsad-style-config';
export { type LevelConfig, level } from './level/level';
export { bandStatistics, type Statistics } from './mel-statistics/band-statistics';
export { type MelStatisticsConfig, melStatistics } from './mel-statistics/mel-statistics';
export { modulationSpectrum } from './modulation-statistics/modulation-spectrum';
export {
  type ModulationStatisticsConfig,
  modulationStatistics,
} from './modulation-statistics/modulation-statistics';
export type { NetworkConfig } from './network-system/network-config';
export type { NetworkSystem } from './network-system/network-system';
export type { FieldDescription } from './network-system/preset-config';
export { noisyArcmix } from './noisy-arcmix/noisy-arcmix';
export type { NoisyArcmixConfig } from './noisy-arcmix/noisy-arcmix-config';
export { scadacos } from './scadacos/scadacos';
export type { ScadacosConfig } from './scadacos/scadacos-config';
export { MODEL_FILE } from './shared/sealed-model';
export { ssc } from './ssc/ssc';
export type { SscConfig } from './ssc/ssc-config';
export { stgramMfn } from './stgram-mfn/stgram-mfn';
export type { StgramMfnConfig } from './stgram-mfn/stgram-mfn-config';
export { swWavenet } from './sw-wavenet/sw-wavenet';
export type { SwWavenetConfig } from './sw-wavenet/sw-wavenet-config';
export { rankedPooling } from './twfr-gmm/ranked-pooling';
export { type TwfrGmmConfig, twfrGmm } from './twfr-gmm/twfr-gmm';
