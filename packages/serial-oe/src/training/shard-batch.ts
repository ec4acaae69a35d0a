import type { LossConfig } from '../config/config';
import { type LossWeights, lossWeights, wholeBatch } from './loss-weighting';
import type { PreparedBatch } from './prepare-batch';

/**
 * Deals a batch out to parts: sample i goes to part i modulo n. Normal samples come first in a batch and outliers after
 * them, so that each part gets an equal share of both where n divides both numbers.
 *
 * The mean of the parts' weighted losses is the weighted loss of what was dealt out.
 */
export function shardBatch(batch: PreparedBatch, nParts: number, loss: LossConfig): PreparedBatch[] {
  const { spectrograms, y, targets, isMixed, weights: outer = wholeBatch(batch, loss) } = batch;
  if (nParts === 1) return [{ ...batch, weights: outer }];
  const parts = Array.from({ length: nParts }, (_, part) => {
    const deal = (values: Float32Array) => dealRows(values, y.length, { part, nParts });
    return { spectrograms: deal(spectrograms), y: deal(y), targets: targets && deal(targets), isMixed };
  });
  const weights = lossWeights(parts, loss, { isMixed });
  return parts.map((part, k) => {
    const { type, id } = weights[k] as LossWeights;
    return { ...part, weights: { type: outer.type * type, id: outer.id * id } };
  });
}

function dealRows(
  values: Float32Array,
  nRows: number,
  { part, nParts }: { part: number; nParts: number },
): Float32Array {
  const size = values.length / nRows;
  const nDealt = Math.ceil((nRows - part) / nParts);
  const dealt = new Float32Array(nDealt * size);
  for (let row = 0; row < nDealt; row++) {
    const from = (part + row * nParts) * size;
    dealt.set(values.subarray(from, from + size), row * size);
  }
  return dealt;
}
