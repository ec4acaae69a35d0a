/**
 * The addon of tfjs-node is loaded by a process, as users do, not by a thread of one.
 * @jest-runner jest-runner
 */
import { describeWithTfjsNode } from '@serial-oe/tooling/test-support/with-tfjs-node';
import { describeTrainingSteps } from './support/describe-training-steps';

describeWithTfjsNode('training on tfjs-node', () => {
  describeTrainingSteps('tensorflow');
});
