import { add, leakyRelu, mul, reshape, step, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core';
import type { Differentiable } from './differentiable';
import { channelSums } from './reductions';

/** x + bias, and below 0 times the slope. The output has the sign of what was bent, so that the gradient needs nothing else. */
export function biasLeakyRelu(
  differentiable: Differentiable,
  x: Tensor4D,
  { bias, slope }: { bias: Tensor1D | null; slope: number },
): Tensor4D {
  return differentiable<Tensor4D>(
    bias ? [x, bias] : [x],
    () => {
      const sum: Tensor4D = bias ? add(x, bias) : x;
      const value: Tensor4D = slope === 1 ? reshape(sum, sum.shape) : leakyRelu(sum, slope);
      return { value, saved: slope === 1 ? [] : [value] };
    },
    (dy, [value]) => {
      const dx = value ? mul(dy, step(value, slope)) : reshape(dy, dy.shape);
      return bias ? [dx, channelSums(dx)] : [dx];
    },
  );
}
