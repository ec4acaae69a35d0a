import assert from 'node:assert/strict';
import { type RocCurve, rocAuc, rocCurve } from '@serial-oe/evaluation';

export function use(): void {
  assert.equal(rocAuc([0, 1], [0.1, 0.9]), 1);
  const curve: RocCurve = rocCurve([0, 1], [0.1, 0.9]);
  assert.equal(curve.fpr[0], 0);
}
