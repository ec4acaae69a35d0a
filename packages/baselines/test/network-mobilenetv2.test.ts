import { createMobileNetV2 } from '../src/network/mobile-net-v2';
import { describeNetworkParity } from './support/network-parity';

describeNetworkParity({
  golden: 'network_mobilenetv2',
  create: ({ sgram }, ops) =>
    createMobileNetV2({ nClasses: 7, inputShape: [sgram![1]!, sgram![2]!], seed: 1, ops }),
});
