import '@tensorflow/tfjs-backend-wasm';
import { describeFullParity } from './describe-full-parity';

describeFullParity('wasm');
