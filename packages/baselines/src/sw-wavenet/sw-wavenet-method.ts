import { arcFaceNetwork } from '../classifier/arc-face-network';
import { classifierRule } from '../classifier/classifier-rule';
import { waveformInputs } from '../classifier/waveform-inputs';
import { createWavenetPair } from '../network/wavenet-pair';
import type { NetworkMethod } from '../network-system/network-method';
import type { SwWavenetConfig } from './sw-wavenet-config';

export const swWavenetMethod: NetworkMethod<SwWavenetConfig> = {
  create({ config, nClasses, window, nMels, ops }) {
    const { seed, network, loss } = config;
    return arcFaceNetwork({
      network: createWavenetPair({ seed, ops, nSamples: window.nSamples, nMels, ...network }),
      inputs: waveformInputs,
      embeddingSize: 2 * network.nFeatures,
      ...{ nClasses, seed, ...loss },
    });
  },
  createRule: classifierRule,
};
