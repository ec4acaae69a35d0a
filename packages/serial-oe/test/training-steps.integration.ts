import '@tensorflow/tfjs-backend-wasm';
import { describeTrainingSteps } from './support/describe-training-steps';

describeTrainingSteps('wasm');
