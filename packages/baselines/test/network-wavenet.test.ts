import { describeNetworkParity } from './support/network-parity';
import { wavenetParity } from './support/wavenet-parity';

describeNetworkParity({ ...wavenetParity, full: [] }); // network-wavenet.integration.ts: 34 million weights
