import {
  createDenseAutoencoder,
  createMobileNetV2,
  createResnetTwoHeads,
  createScadacosNetwork,
  createStgramNetwork,
  createTastgramNetwork,
  createWavenetPair,
} from '@serial-oe/baselines/networks';

const WAVEFORM = { shape: [160_000] };
const SGRAM = { shape: [128, 313, 1] };
/** Frames downwards. */
const SGRAM_DOWN = { shape: [313, 128, 1] };

/**
 * The networks of the compared systems at the size that they have for clips of 10 s at 16 kHz. `nScored`: samples of one clip;
 * `nOutputs`: numbers that the network gives for a sample.
 */
export const NETWORKS = {
  stgram: {
    ...{ create: createStgramNetwork, batchSize: 8, nScored: 1, nOutputs: 128 },
    inputs: [WAVEFORM, SGRAM],
  },
  tastgram: {
    ...{ create: createTastgramNetwork, batchSize: 8, nScored: 1, nOutputs: 128 },
    inputs: [WAVEFORM, SGRAM],
  },
  scadacos: {
    ...{ create: createScadacosNetwork, batchSize: 8, nScored: 1, nOutputs: 128 },
    inputs: [SGRAM_DOWN],
  },
  wavenet: {
    ...{ create: createWavenetPair, batchSize: 2, nScored: 1, nOutputs: 256 },
    inputs: [WAVEFORM, SGRAM],
  },
  mobilenet: {
    create: (options) => createMobileNetV2({ ...options, nClasses: 41 }),
    ...{ batchSize: 32, nScored: 32, nOutputs: 41 },
    inputs: [{ shape: [64, 128, 1] }],
  },
  resnet: {
    ...{ create: createResnetTwoHeads, batchSize: 16, nScored: 10, nOutputs: 129 },
    inputs: [{ shape: [256, 64, 1] }],
  },
  autoencoder: {
    ...{ create: createDenseAutoencoder, batchSize: 512, nScored: 309, nOutputs: 640 },
    inputs: [{ shape: [640] }],
  },
};

/** A network by its name. */
export function createNetwork(name, ops) {
  return NETWORKS[name].create({ seed: 1, ops });
}
