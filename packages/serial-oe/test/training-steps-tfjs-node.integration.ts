import { describeWithTfjsNode } from '@serial-oe/tooling/test-support/with-tfjs-node';
import { describeTrainingSteps } from './support/describe-training-steps';

describeWithTfjsNode('training on tfjs-node', () => {
  describeTrainingSteps('tensorflow');
});
