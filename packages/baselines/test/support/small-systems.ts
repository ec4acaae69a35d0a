import { autoencoder, type NetworkSystem } from '../../src/index';

export interface SmallSystem {
  // biome-ignore lint/suspicious/noExplicitAny: systems of different configurations in one list
  system: NetworkSystem<any>;
  /** A training of a second or two. */
  overrides: object;
}

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
];
