import { createStgramNetwork, createTastgramNetwork } from '../src/network/stgram-network';
import { describeNetworkParity } from './support/network-parity';

const sizes = ({ waveform, sgram }: Record<string, number[]>) => ({
  nSamples: waveform![1]!,
  nMels: sgram![1]!,
  nFrames: sgram![2]!,
});

describe('STgram-MFN', () => {
  describeNetworkParity({
    golden: 'network_stgram_head',
    create: (inputs, ops) => createStgramNetwork({ ...sizes(inputs), table: 'head', seed: 1, ops }),
  });
});

describe('STgram-MFN with the bottlenecks of the paper', () => {
  describeNetworkParity({
    golden: 'network_stgram_paper',
    create: (inputs, ops) => createStgramNetwork({ ...sizes(inputs), table: 'paper', seed: 1, ops }),
    training: ['wasm, SIMD operations'],
  });
});

describe('the network of Noisy-ArcMix', () => {
  describeNetworkParity({
    golden: 'network_tastgram',
    create: (inputs, ops) => createTastgramNetwork({ ...sizes(inputs), seed: 1, ops }),
  });
});
