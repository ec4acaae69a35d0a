import {
  add,
  matMul,
  mul,
  reshape,
  sigmoid,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { SqueezeExciteWeights } from '../extractor-ops';
import type { Differentiable } from './differentiable';
import {
  channelSums,
  matMulTransposedLeft,
  matMulTransposedRight,
  spatialMean,
  spatialSum,
} from './reductions';
import { swish, swishDerivative } from './swish';

/** `[batch, channels]` -> `[batch, 1, 1, channels]`. */
function overSpace(x: Tensor): Tensor4D {
  return reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]);
}

/**
 * x g with the gate g = sigmoid(expand(swish(reduce(mean of x)))), as one node of the tape that saves x and the small
 * vectors alone. The gradient for x is dy g + (gradient for the mean) / (h w).
 */
export function squeezeExcite(
  differentiable: Differentiable,
  x: Tensor4D,
  weights: SqueezeExciteWeights,
): Tensor4D {
  const { reduceKernel, reduceBias, expandKernel, expandBias } = weights;
  return differentiable<Tensor4D>(
    [x, reduceKernel, reduceBias, expandKernel, expandBias],
    () => {
      const mean = spatialMean(x); // [batch, channels]
      const reduced = add(matMul(mean, reduceKernel), reduceBias); // [batch, squeezed]
      const gate = sigmoid(add(matMul(swish(reduced) as Tensor2D, expandKernel), expandBias));
      return {
        value: mul(x, overSpace(gate)),
        saved: [x, mean, reduced, gate, reduceKernel, expandKernel],
      };
    },
    (dy, saved) => {
      const [savedX, mean, reduced, gate, reduce, expand] = saved as [
        Tensor4D,
        Tensor2D,
        Tensor2D,
        Tensor2D,
        Tensor2D,
        Tensor2D,
      ];
      const dGate = tidy(() => spatialSum(mul(dy, savedX)));
      const dExpanded = mul(dGate, mul(gate, sub(1, gate))) as Tensor2D;
      const dReduced = mul(matMulTransposedRight(dExpanded, expand), swishDerivative(reduced)) as Tensor2D;
      const dMean = mul(matMulTransposedRight(dReduced, reduce), 1 / (savedX.shape[1] * savedX.shape[2]));
      return [
        tidy(() => add(mul(dy, overSpace(gate)), overSpace(dMean))),
        matMulTransposedLeft(mean, dReduced),
        channelSums(dReduced),
        matMulTransposedLeft(swish(reduced), dExpanded),
        channelSums(dExpanded),
      ];
    },
  );
}

/** Mean over height and width; its gradient is dy / (h w), the same at every place. */
export function globalAveragePool(differentiable: Differentiable, x: Tensor4D): Tensor2D {
  const shape = x.shape;
  return differentiable<Tensor2D>(
    [x],
    () => ({ value: spatialMean(x), saved: [] }),
    (dy) => [add(zeros(shape), overSpace(mul(dy, 1 / (shape[1] * shape[2]))))],
  );
}
