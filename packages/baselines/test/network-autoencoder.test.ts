import { createDenseAutoencoder } from '../src/network/dense-autoencoder';
import { describeNetworkParity } from './support/network-parity';

describeNetworkParity({
  golden: 'network_autoencoder',
  create: ({ x }, ops) =>
    createDenseAutoencoder({
      nInputs: x![1]!,
      seed: 1,
      ops,
      ...(x![1] === 640 ? {} : { nHidden: 24, nBottleneck: 4 }),
    }),
});
