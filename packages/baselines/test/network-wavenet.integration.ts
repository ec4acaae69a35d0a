import { describeNetworkParity } from './support/network-parity';
import { wavenetParity } from './support/wavenet-parity';

describeNetworkParity({ ...wavenetParity, training: [], full: ['wasm, SIMD operations'] });
