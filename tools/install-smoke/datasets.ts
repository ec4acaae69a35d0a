import assert from 'node:assert/strict';
import {
  DCASE2020_SPLITS,
  parseDcaseFileName,
  type SyntheticClip,
  synthesizeMachineSounds,
} from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';

export function use(): void {
  assert.ok(DCASE2020_SPLITS.fan);
  assert.equal(parseDcaseFileName('anomaly_id_02_00000007.wav')?.machineId, '02');
  const clips: SyntheticClip[] = synthesizeMachineSounds({
    machineTypes: ['fan'],
    nIds: 1,
    nTrain: 1,
    nTest: 1,
    durationSeconds: 2,
  });
  assert.equal(clips.length, 3);
  assert.throws(() => scanDataset('no-such-folder'), /no-such-folder/);
}
