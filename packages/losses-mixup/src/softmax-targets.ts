import { checkOneOf } from '@serial-oe/foundation';
import {
  add,
  cast,
  div,
  exp,
  greater,
  log,
  max,
  maximum,
  minimum,
  mul,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { SMALLEST_WEIGHT } from './id-loss';

/**
 * How much a sample with a nonzero target counts in a softmax loss. 'equal' (default): all alike. 'target': by the
 * sum of its target, that is by its share y of normal sound under Mixup. The same with hard labels.
 */
export type TargetWeighting = 'equal' | 'target';

export function checkWeighting(where: string, weighting: unknown): void {
  checkOneOf(where, weighting, ['equal', 'target']);
}

/** Targets for a softmax: each row rescaled to sum 1, all-zero rows left at 0 and out of the mean. */
export interface SoftmaxTargets {
  /** Row sums 1, or 0 for a row that does not count; `[batch, nClasses]`. */
  probabilities: Tensor;
  /** Weight of each row in the mean, sum 1 (or 0 when no row counts); `[batch, 1]`. */
  shares: Tensor;
}

export function softmaxTargets(targets: Tensor, weighting: TargetWeighting): SoftmaxTargets {
  const sums = sum(targets, 1, true); // [batch, 1]
  const weights = weighting === 'equal' ? cast(greater(sums, 0), 'float32') : sums;
  return {
    probabilities: div(targets, maximum(sums, SMALLEST_WEIGHT)),
    shares: div(weights, maximum(sum(weights), SMALLEST_WEIGHT)),
  };
}

/** log(sum(exp(x))) along the last axis, which stays with size 1. The maximum is taken out, so nothing overflows. */
export function logSumExp(x: Tensor): Tensor {
  const shift = max(x, -1, true);
  return add(log(sum(exp(sub(x, shift)), -1, true)), shift);
}

/** Largest float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * Cross-entropy of a softmax over `[batch, nClasses]` logits, mean by the shares: at most the largest float32.
 *
 * sum_c q_c (lse - x_c), in two parts of at least 0, so that nothing cancels: the distance to the largest logit, as half
 * of it since two float32 lie up to twice the largest float32 apart, and the logarithm of the sum.
 */
export function softmaxCrossEntropy(logits: Tensor, { probabilities, shares }: SoftmaxTargets): Tensor {
  const shift = max(logits, -1, true);
  const halfDistances = sub(mul(shift, 0.5), mul(logits, 0.5));
  const logSums = log(sum(exp(sub(logits, shift)), -1, true)); // [batch, 1]
  const weights = mul(probabilities, shares);
  const total = sum(add(mul(halfDistances, mul(weights, 2)), mul(logSums, weights)));
  return minimum(total, LARGEST);
}

/** Its derivative by the logits. Rows that do not count have share 0. */
export function softmaxCrossEntropyGradient(
  logits: Tensor,
  { probabilities, shares }: SoftmaxTargets,
): Tensor {
  const softmax = exp(sub(logits, logSumExp(logits)));
  return mul(sub(softmax, probabilities), shares);
}
