import type { PreparedBatch } from './prepare-batch';

/**
 * Deals a batch out to shards: sample i goes to shard i modulo n. Normal samples come first in a batch and outliers after
 * them, so that each shard gets an equal share of both where n divides both numbers.
 */
export function shardBatch({ spectrograms, y, targets }: PreparedBatch, nShards: number): PreparedBatch[] {
  const batchSize = y.length;
  const deal = (values: Float32Array, shard: number): Float32Array => {
    const size = values.length / batchSize;
    const nRows = Math.ceil((batchSize - shard) / nShards);
    const dealt = new Float32Array(nRows * size);
    for (let row = 0; row < nRows; row++) {
      const from = (shard + row * nShards) * size;
      dealt.set(values.subarray(from, from + size), row * size);
    }
    return dealt;
  };
  return Array.from({ length: nShards }, (_, shard) => ({
    spectrograms: deal(spectrograms, shard),
    y: deal(y, shard),
    targets: targets && deal(targets, shard),
  }));
}
