import '@tensorflow/tfjs-backend-cpu';
import { describeParity } from './describe-parity';

// The cpu backend takes a minute for the gradients; tf-ops.test.ts covers it operation by operation.
describeParity('cpu');
