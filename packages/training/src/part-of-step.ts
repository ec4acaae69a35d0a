/** Keeps the dropout masks of the parts of a batch apart; 2^32 over the golden ratio. */
const SEED_STRIDE = 0x9e3779b1;
const SEED_RANGE = 2 ** 31;

/** Which share of the batch a thread has: `index` of `count`. */
export interface Share {
  index: number;
  count: number;
}

/** All of it. */
export const ONLY_SHARE: Readonly<Share> = { index: 0, count: 1 };

/**
 * Seed of the dropout mask of micro-batch `k` of a thread's share. Dealing a batch out to threads and then to
 * micro-batches gives the parts that one deal to all of them gives, and this the same seeds.
 */
export function dropoutSeedOf(seed: number, { index, count }: Share, k: number): number {
  return (seed + (index + k * count) * SEED_STRIDE) % SEED_RANGE;
}
