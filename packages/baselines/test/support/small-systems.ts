import {
  autoencoder,
  clpScf,
  ddcsadStyle,
  type NetworkSystem,
  noisyArcmix,
  scadacos,
  ssc,
  stgramMfn,
  swWavenet,
} from '../../src/index';

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
  {
    system: scadacos,
    overrides: {
      ...CLIP_CLASSIFIER,
      network: { embeddingSize: 8 },
      loss: { nSubClusters: 2 },
      score: { nComponents: 2 },
    },
  },
  {
    system: clpScf,
    overrides: {
      ...CLIP_CLASSIFIER,
      network: { table: 'head', nProjected: 16 },
      contrastive: { nEpochs: 1 },
      optimization: { nEpochs: 1 },
    },
  },
  { system: swWavenet, overrides: { ...CLIP_CLASSIFIER, network: { nHidden: 8, nFeatures: 8, nCycles: 1 } } },
  {
    system: ssc,
    overrides: {
      frontEnd: { nMels: 16 },
      network: { nFrames: 16, width: 0.1 },
      batch: { size: 8, windowsPerClip: 1 },
      optimization: { nEpochs: 2 },
    },
  },
  {
    system: ddcsadStyle,
    overrides: {
      frontEnd: { nMels: 16 },
      network: { nFrames: 16, embeddingSize: 8 },
      batch: { size: 8, nSteps: 2 },
      optimization: { nEpochs: 2 },
      score: { nWindows: 3 },
    },
  },
];
