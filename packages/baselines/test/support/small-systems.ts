import { autoencoder, type NetworkSystem, noisyArcmix, stgramMfn } from '../../src/index';

export interface SmallSystem {
  // biome-ignore lint/suspicious/noExplicitAny: systems of different configurations in one list
  system: NetworkSystem<any>;
  /** A training of a second or two. */
  overrides: object;
}

const CLIP_CLASSIFIER = {
  frontEnd: { nMels: 16 },
  clipSeconds: 1,
  batch: { size: 8 },
  optimization: { nEpochs: 2 },
};

/** Every system with a network, with a configuration small enough for a test. */
export const SMALL_SYSTEMS: readonly SmallSystem[] = [
  {
    system: autoencoder,
    overrides: {
      frontEnd: { nMels: 8 },
      network: { nHidden: 8, nBottleneck: 2 },
      batch: { size: 16, windowsPerClip: 4 },
      optimization: { nEpochs: 3 },
    },
  },
  { system: stgramMfn, overrides: { ...CLIP_CLASSIFIER } },
  { system: noisyArcmix, overrides: { ...CLIP_CLASSIFIER } },
];
