import { createWavenetPair } from '../../src/network/wavenet-pair';
import type { NetworkParity } from './network-parity';

export const wavenetParity: NetworkParity = {
  golden: 'network_wavenet',
  create: ({ waveform, sgram }, ops) =>
    createWavenetPair({
      nSamples: waveform![1]!,
      nMels: sgram![1]!,
      seed: 1,
      ops,
      ...(sgram![1] === 128 ? {} : { nHidden: 24, nFeatures: 8, nCycles: 1 }),
    }),
};
