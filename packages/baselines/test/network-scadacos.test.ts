import { createScadacosNetwork } from '../src/network/scadacos-network';
import { describeNetworkParity } from './support/network-parity';

describeNetworkParity({
  golden: 'network_scadacos',
  create: ({ sgram }, ops) => createScadacosNetwork({ nFrames: sgram![1]!, nMels: sgram![2]!, seed: 1, ops }),
});
