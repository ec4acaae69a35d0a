// The networks of the compared systems. An entry of its own, because the systems without a network need no tfjs.
export type { CommonNetworkOptions } from './network/create-network';
export { createDenseAutoencoder, type DenseAutoencoderOptions } from './network/dense-autoencoder';
export type { ForwardOptions, Network } from './network/network';
