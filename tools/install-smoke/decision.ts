import assert from 'node:assert/strict';
import { calibrate, type Fusion, fuseScores } from '@serial-oe/decision';

export function use(): void {
  const fusion: Fusion = 'max';
  assert.equal(fuseScores([calibrate([1, 2, 3]).zScore(4), 0], fusion), 2);
}
