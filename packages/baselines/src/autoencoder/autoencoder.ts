import { LIBROSA_FRONT_END } from '../network-system/front-end';
import type { NetworkSpec } from '../network-system/network-spec';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { AUTOENCODER_FIELDS, type AutoencoderConfig } from './autoencoder-config';

const spec: NetworkSpec<AutoencoderConfig> = {
  name: 'autoencoder',
  scope: 'machineType',
  participants: 'target',
  usesAnomalies: false,
  isClassifier: false,
  frontEnd: LIBROSA_FRONT_END,
  standardizes: false,
  inputs: ['frameMels'],
  resolveConfig: (preset, overrides) => resolvePreset(AUTOENCODER_FIELDS, preset, overrides),
  describeConfig: () => describeFields(AUTOENCODER_FIELDS),
  window: ({ network: { nFrames } }) => ({ kind: 'frames', nFrames, hop: 1 }),
  sampling: ({ batch: { windowsPerClip } }) => ({ kind: 'shuffled', windowsPerClip }),
  stages: ({ optimization: { nEpochs, learningRate } }) => [{ nEpochs, learningRate }],
  validationFraction: () => 0,
  load: async () => (await import('./autoencoder-method')).autoencoderMethod,
};

/**
 * The dense autoencoder of the DCASE2020 baseline: five neighbouring log-mel frames through a bottleneck of eight values. One model a
 * machine type; a sound that is reconstructed badly is anomalous. With `score: 'mahalanobis'` it is that of 2023.
 */
export const autoencoder: NetworkSystem<AutoencoderConfig> = /* @__PURE__ */ networkSystem(spec);
