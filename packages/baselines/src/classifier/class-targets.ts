import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import type { Mixing } from '../network-system/network-method';

/** One row a label, `[n, nClasses]`: 1 at its class; where samples are mixed, lambda there and 1 - lambda at the partner's. */
export function classTargets(labels: Int32Array, nClasses: number, mixing: Mixing | null = null): Tensor2D {
  const values = new Float32Array(labels.length * nClasses);
  for (const [i, label] of labels.entries()) {
    const lambda = mixing?.lambda[i] ?? 1;
    values[i * nClasses + label]! += lambda;
    if (mixing) values[i * nClasses + mixing.partners[i]!]! += 1 - lambda;
  }
  return tensor2d(values, [labels.length, nClasses]);
}
