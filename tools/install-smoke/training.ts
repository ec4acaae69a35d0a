import assert from 'node:assert/strict';
import { initialPosition, runTraining } from '@serial-oe/training';
import { AllReduce, createSharedGroup } from '@serial-oe/training/node';

export async function use(): Promise<void> {
  assert.equal(initialPosition().epoch, 0);
  const reduce = new AllReduce(createSharedGroup(1, 2), 0);
  reduce.contribution.set([1, 2]);
  reduce.average();
  assert.deepEqual([...reduce.mean], [1, 2]);
  const method = { planEpoch: () => [], prepare: async () => ({}) };
  await assert.rejects(runTraining(method, { nEpochs: 1 }), TypeError);
}
