import { clipClassifier } from '../classifier/clip-classifier';
import { TORCHAUDIO_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { SW_WAVENET_FIELDS, type SwWavenetConfig } from './sw-wavenet-config';

/**
 * SW-WaveNet (Chen et al., ICASSP 2023): two WaveNets, one on the log-mel spectrogram and one on a learned one of the waveform, whose
 * features together tell all machines apart by ArcFace. 34.5 million parameters at full size.
 */
export const swWavenet: NetworkSystem<SwWavenetConfig> = /* @__PURE__ */ networkSystem<SwWavenetConfig>({
  ...clipClassifier,
  name: 'sw-wavenet',
  frontEnd: TORCHAUDIO_FRONT_END,
  inputs: ['waveform', 'melFrames'],
  resolveConfig: (preset, overrides) => resolvePreset(SW_WAVENET_FIELDS, preset, overrides),
  describeConfig: () => describeFields(SW_WAVENET_FIELDS),
  // The published schedule counts epochs, and its period is the number of batches of one.
  stages: ({ optimization: { nEpochs, learningRate }, schedule: { floor, startEpoch } }, { nSteps }) => [
    { nEpochs, learningRate, cosine: { tMax: nSteps, etaMin: floor * learningRate, startEpoch } },
  ],
  load: async () => (await import('./sw-wavenet-method')).swWavenetMethod,
});
