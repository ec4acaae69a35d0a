/**
 * The addon of tfjs-node is loaded by a process, as users do, not by a thread of one.
 * @jest-runner jest-runner
 */
import { describeWithTfjsNode } from '@serial-oe/tooling/test-support/with-tfjs-node';
import { describeFullParity } from './describe-full-parity';
import { describeParity } from './describe-parity';

describeWithTfjsNode('parity on tfjs-node', () => {
  describeParity('tensorflow');
  describeFullParity('tensorflow');
});
