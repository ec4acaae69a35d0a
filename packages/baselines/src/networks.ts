// The networks of the compared systems. An entry of its own, because the systems without a network need no tfjs.
export type { CommonNetworkOptions } from './network/create-network';
export { createDenseAutoencoder, type DenseAutoencoderOptions } from './network/dense-autoencoder';
export type { BottleneckTable } from './network/mobile-face-net';
export { createMobileNetV2, type MobileNetV2Options } from './network/mobile-net-v2';
export type { ForwardOptions, Network } from './network/network';
export {
  createResnetTwoHeads,
  type ResnetTwoHeadsOptions,
  splitHeads,
  type TwoHeads,
} from './network/resnet-two-heads';
export { createScadacosNetwork, type ScadacosNetworkOptions } from './network/scadacos-network';
export {
  createStgramNetwork,
  createTastgramNetwork,
  type StgramNetworkOptions,
  type WaveformAndSgram,
} from './network/stgram-network';
export { countFrames } from './network/tgram';
export { createWavenetPair, type WavenetPairOptions } from './network/wavenet-pair';
