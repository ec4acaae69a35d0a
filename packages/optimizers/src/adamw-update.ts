import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';

/** What one AdamW update of one variable starts from. The tensors share one shape and stay the caller's. */
export interface AdamWUpdateInput {
  parameter: Tensor;
  gradient: Tensor;
  /** First moment, the running mean of the gradient. */
  m: Tensor;
  /** Second moment, the running mean of the squared gradient. */
  v: Tensor;
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Number of this update of this variable, from 1. */
  step: number;
}

/** Three new tensors. None of them may share the memory of an input: see {@link AdamWUpdateKernel}. */
export interface AdamWUpdateOutput {
  parameter: Tensor;
  m: Tensor;
  v: Tensor;
}

/**
 * Computes one AdamW update. A replacement (a fused kernel, say) has to return fresh tensors and leave its
 * inputs as they are: backends cache packed weights by data id, so values changed in place go unnoticed.
 * It runs inside a `tidy`.
 */
export type AdamWUpdateKernel = (input: AdamWUpdateInput) => AdamWUpdateOutput;

/**
 * The AdamW update in tfjs ops. With t = step,
 *
 *     m' = beta1 m + (1 - beta1) g          c1 = 1 - beta1^t
 *     v' = beta2 v + (1 - beta2) g^2        c2 = 1 - beta2^t
 *     p' = (1 - lr wd) p - lr (m' / c1) / (sqrt(v' / c2) + eps)
 *
 * (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, as in `torch.optim.AdamW`; beta1 is the
 * present one also in c1, which matters when a schedule cycles it.) Multiplying numerator and denominator of
 * the last term by sqrt(c2) leaves one division and no scaling of v':
 *
 *     p' = (1 - lr wd) p - (lr sqrt(c2) / c1) m' / (sqrt(v') + eps sqrt(c2))
 *
 * The corrections are float64 numbers, the tensors float32.
 */
export function adamWUpdate(input: AdamWUpdateInput): AdamWUpdateOutput {
  const { parameter, gradient, learningRate, beta1, beta2, epsilon, weightDecay, step } = input;
  const correction1 = 1 - beta1 ** step;
  const rootOfCorrection2 = Math.sqrt(1 - beta2 ** step);
  const m = add(mul(input.m, beta1), mul(gradient, 1 - beta1));
  const v = add(mul(input.v, beta2), mul(square(gradient), 1 - beta2));
  const direction = div(m, add(sqrt(v), epsilon * rootOfCorrection2));
  const decay = learningRate * weightDecay;
  const decayed = decay === 0 ? parameter : mul(parameter, 1 - decay);
  return { parameter: sub(decayed, mul(direction, (learningRate * rootOfCorrection2) / correction1)), m, v };
}
