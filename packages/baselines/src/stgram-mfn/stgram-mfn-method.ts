import { arcFaceNetwork } from '../classifier/arc-face-network';
import { classifierRule } from '../classifier/classifier-rule';
import { waveformInputs } from '../classifier/waveform-inputs';
import { createStgramNetwork } from '../network/stgram-network';
import type { NetworkMethod } from '../network-system/network-method';
import type { StgramMfnConfig } from './stgram-mfn-config';

export const stgramMfnMethod: NetworkMethod<StgramMfnConfig> = {
  create({ config, nClasses, window, nMels, ops }) {
    const { seed, loss, network } = config;
    const shared = { seed, ops, nSamples: window.nSamples, nMels };
    return arcFaceNetwork({
      ...{ network: createStgramNetwork({ ...shared, table: network.table }), inputs: waveformInputs },
      ...{ nClasses, seed, ...loss },
    });
  },
  createRule: classifierRule,
};
