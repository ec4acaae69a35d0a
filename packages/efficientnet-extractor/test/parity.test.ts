import '@tensorflow/tfjs-backend-wasm';
import { describeParity } from './describe-parity';

describeParity('wasm');
