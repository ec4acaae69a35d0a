import assert from 'node:assert/strict';
import { type AggregationMethod, aggregate } from '@serial-oe/aggregator';

export function use(): void {
  const method: AggregationMethod = 'upperHalfMean';
  assert.equal(aggregate([1, 2, 3, 4], method), 3.5);
}
