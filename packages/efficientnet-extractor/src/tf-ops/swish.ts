import { add, mul, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';

/** z sigmoid(z), SiLU. */
export function swish<T extends Tensor>(z: T): T {
  return mul(z, sigmoid(z)) as T;
}

/** Derivative of swish: s + z s (1 - s) with s = sigmoid(z), written s (1 + z (1 - s)). */
export function swishDerivative<T extends Tensor>(z: T): T {
  const s = sigmoid(z);
  return mul(s, add(mul(z, sub(1, s)), 1)) as T;
}
