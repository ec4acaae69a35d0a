import { describeWithTfjsNode } from '@serial-oe/tooling/test-support/with-tfjs-node';
import { describeFullParity } from './describe-full-parity';
import { describeParity } from './describe-parity';

describeWithTfjsNode('parity on tfjs-node', () => {
  describeParity('tensorflow');
  describeFullParity('tensorflow');
});
