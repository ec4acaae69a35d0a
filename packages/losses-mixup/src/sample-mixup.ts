import {
  checkNumber,
  checkOptions,
  checkRandom,
  drawPermutation,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import { sampleBeta } from './sample-beta';

/** How a batch is mixed: sample i becomes lambda_i times itself plus (1 - lambda_i) times sample permutation_i. */
export interface Mixup {
  /** In [0, 1], one for each sample. */
  lambda: Float32Array;
  /** Index of each sample's partner, a permutation of the batch. */
  permutation: Int32Array;
}

/** Options of {@link sampleMixup}. */
export interface SampleMixupOptions {
  /** Both shapes of the beta distribution of lambda, above 0; default 0.2 (the Serial-OE paper's). */
  beta?: number;
  /** Uniform in [0, 1). */
  random: () => number;
}

const OPTIONS: OptionNames<SampleMixupOptions> = { beta: true, random: true };

/**
 * Draws a Mixup of a batch: lambda ~ Beta(beta, beta) for each sample, then a random permutation for the partners.
 * @param batchSize 1 or more.
 * @throws TypeError or RangeError for values outside their range, or no generator.
 * @example
 * const mixed = applyMixup(batch, sampleMixup(128, { random }));
 */
export function sampleMixup(batchSize: number, options: SampleMixupOptions): Mixup {
  checkOptions('losses-mixup.sampleMixup', options, OPTIONS);
  const { beta = 0.2, random } = options;
  checkNumber('losses-mixup.sampleMixup: batchSize', batchSize, POSITIVE_COUNT);
  checkRandom('losses-mixup.sampleMixup: random', random);
  const lambda = Float32Array.from({ length: batchSize }, () => sampleBeta(beta, beta, random));
  return { lambda, permutation: drawPermutation(batchSize, random) };
}
