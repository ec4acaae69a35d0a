import {
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkRandom,
  drawIndex,
  drawPermutation,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';

/** Options of {@link BalancedBatchSampler}: samples of each kind in a batch. */
export interface BalancedBatchSamplerOptions {
  /** 1 or more; default 64. */
  nNormal?: number;
  /** 0 or more; default 64, or 64 - nAnomalous (63 + 1 in the paper). */
  nPseudoAnomalous?: number;
  /** Known anomalies, 0 or more; default 0. */
  nAnomalous?: number;
  /** Uniform in [0, 1). All that an epoch draws comes from it: its state is the sampler's state. */
  random: () => number;
  /**
   * The last batch when nNormal does not divide the normal clips. 'fill' (default): filled up with normal clips of
   * other batches, so that every batch has one shape; these clips come twice in the epoch. 'short': fewer normal clips.
   */
  lastBatch?: 'fill' | 'short';
  /** Repeats a defect of the reference implementation for comparison: every second batch of an epoch is left out. */
  skipEverySecondGroup?: boolean;
}

const OPTIONS: OptionNames<BalancedBatchSamplerOptions> = {
  nNormal: true,
  nPseudoAnomalous: true,
  nAnomalous: true,
  random: true,
  lastBatch: true,
  skipEverySecondGroup: true,
};

/** Clips to draw from: indices run from 0 to the number of each kind. */
export interface ClipPools {
  nNormalClips: number;
  nPseudoAnomalousClips?: number;
  nAnomalousClips?: number;
}

const POOLS: OptionNames<ClipPools> = {
  nNormalClips: true,
  nPseudoAnomalousClips: true,
  nAnomalousClips: true,
};

/** Indices into each pool. */
export interface BalancedBatch {
  normal: Int32Array;
  pseudoAnomalous: Int32Array;
  anomalous: Int32Array;
}

/**
 * Draws the mini-batches of Serial-OE: 64 normal and 64 pseudo-anomalous clips, or 64 + 63 + 1 with known
 * anomalies. One epoch holds every normal clip once (see `lastBatch` for a rest). Pseudo-anomalies are shuffled at
 * each epoch and taken in that order; when they run out they are shuffled again, so with fewer clips than a batch
 * takes, some come twice in it. Known anomalies are drawn with replacement. With fewer normal clips than `nNormal`,
 * 'fill' repeats them.
 *
 * @throws TypeError or RangeError for options outside their range.
 * @example
 * const sampler = new BalancedBatchSampler({ nNormal: 64, nPseudoAnomalous: 63, nAnomalous: 1, random });
 * for (const { normal } of sampler.epoch({ nNormalClips: 900, nPseudoAnomalousClips: 5000, nAnomalousClips: 8 })) train(normal);
 */
export class BalancedBatchSampler {
  readonly nNormal: number;
  readonly nPseudoAnomalous: number;
  readonly nAnomalous: number;
  readonly #random: () => number;
  readonly #lastBatch: 'fill' | 'short';
  readonly #skipEverySecondGroup: boolean;

  constructor(options: BalancedBatchSamplerOptions) {
    checkOptions('losses-mixup.BalancedBatchSampler', options, OPTIONS);
    const {
      nNormal = 64,
      nAnomalous = 0,
      random,
      lastBatch = 'fill',
      skipEverySecondGroup = false,
    } = options;
    checkNumber('losses-mixup.BalancedBatchSampler: nNormal', nNormal, POSITIVE_COUNT);
    checkNumber('losses-mixup.BalancedBatchSampler: nAnomalous', nAnomalous, COUNT);
    const { nPseudoAnomalous = Math.max(64 - nAnomalous, 0) } = options;
    checkNumber('losses-mixup.BalancedBatchSampler: nPseudoAnomalous', nPseudoAnomalous, COUNT);
    checkRandom('losses-mixup.BalancedBatchSampler: random', random);
    checkOneOf('losses-mixup.BalancedBatchSampler: lastBatch', lastBatch, ['fill', 'short']);
    checkKind('losses-mixup.BalancedBatchSampler: skipEverySecondGroup', skipEverySecondGroup, 'boolean');
    this.nNormal = nNormal;
    this.nPseudoAnomalous = nPseudoAnomalous;
    this.nAnomalous = nAnomalous;
    this.#random = random;
    this.#lastBatch = lastBatch;
    this.#skipEverySecondGroup = skipEverySecondGroup;
  }

  /**
   * The batches of one epoch.
   * @throws RangeError for a pool without clips of a kind that a batch takes.
   */
  epoch(pools: ClipPools): BalancedBatch[] {
    checkOptions('losses-mixup.BalancedBatchSampler.epoch', pools, POOLS);
    const { nNormalClips, nPseudoAnomalousClips = 0, nAnomalousClips = 0 } = pools;
    checkPool('nNormalClips', nNormalClips, this.nNormal);
    checkPool('nPseudoAnomalousClips', nPseudoAnomalousClips, this.nPseudoAnomalous);
    checkPool('nAnomalousClips', nAnomalousClips, this.nAnomalous);
    const random = this.#random;
    const groups = this.#normalGroups(nNormalClips).filter(
      (_, i) => !this.#skipEverySecondGroup || i % 2 === 0,
    );
    const nextPseudoAnomaly = endlessShuffle(nPseudoAnomalousClips, random);
    return groups.map((normal) => ({
      normal,
      pseudoAnomalous: Int32Array.from({ length: this.nPseudoAnomalous }, nextPseudoAnomaly),
      anomalous: Int32Array.from({ length: this.nAnomalous }, () => drawIndex(nAnomalousClips, random)),
    }));
  }

  /** Every normal clip once, in groups of nNormal. */
  #normalGroups(nClips: number): Int32Array[] {
    const order = drawPermutation(nClips, this.#random);
    const groups: Int32Array[] = [];
    for (let start = 0; start < nClips; start += this.nNormal) {
      groups.push(order.slice(start, start + this.nNormal));
    }
    const last = groups[groups.length - 1]!;
    if (last.length < this.nNormal && this.#lastBatch === 'fill')
      groups[groups.length - 1] = this.#filled(last, nClips);
    return groups;
  }

  /** The group with clips that it lacks, and once it has all of them, with clips again. */
  #filled(group: Int32Array, nClips: number): Int32Array {
    const filled = new Int32Array(this.nNormal);
    filled.set(group);
    const present = new Set(group);
    const next = endlessShuffle(nClips, this.#random);
    for (let i = group.length; i < filled.length; i++) {
      let clip = next();
      while (present.size < nClips && present.has(clip)) clip = next();
      present.add(clip);
      filled[i] = clip;
    }
    return filled;
  }
}

function checkPool(parameter: string, nClips: number, nTaken: number): void {
  checkNumber(`losses-mixup.BalancedBatchSampler.epoch: ${parameter}`, nClips, COUNT);
  if (nClips === 0 && nTaken > 0) {
    throw new RangeError(
      `losses-mixup.BalancedBatchSampler.epoch: ${parameter} must be 1 or more where a batch takes ${nTaken}, got 0.`,
    );
  }
}

/** Indices below n: all of them in random order, then all again in a new order, and so on. */
function endlessShuffle(n: number, random: () => number): () => number {
  let order = new Int32Array(0);
  let position = 0;
  return () => {
    if (position === order.length) {
      order = Int32Array.from(drawPermutation(n, random));
      position = 0;
    }
    return order[position++]!;
  };
}
