import assert from 'node:assert/strict';
import { range } from '@serial-oe/monitor';

export function use(): void {
  assert.deepEqual(range([3, 1, 2]), { min: 1, max: 3 });
}
