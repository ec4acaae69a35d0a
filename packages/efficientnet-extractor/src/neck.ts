import {
  add,
  cast,
  greater,
  matMul,
  maximum,
  mean,
  minimum,
  mul,
  reshape,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
} from '@tensorflow/tfjs-core';
import { batchNormVariables, updateRunningStatistics } from './running-statistics';
import { batchNormInference, batchNormTraining } from './tf-ops/batch-norm';
import type { Differentiable } from './tf-ops/differentiable';
import { channelSums, matMulTransposedLeft, matMulTransposedRight } from './tf-ops/reductions';
import type { VariableStore } from './variable-store';

/** Epsilon of PyTorch's BatchNorm1d. */
export const NECK_BATCH_NORM_EPSILON = 1e-5;

/** What the small layers after the pooled features need. */
export interface NeckContext {
  differentiable: Differentiable;
  store: VariableStore;
}

/** Dropout's rate and what its mask is drawn from. */
export interface DropoutOptions {
  rate: number;
  random: () => number;
}

/** Dropout, Linear, BatchNorm1d, PReLU, Linear: `[batch, 1280]` -> embedding `[batch, embeddingSize]`. */
export function neck(
  features: Tensor2D,
  context: NeckContext,
  training?: { dropout: DropoutOptions },
): Tensor2D {
  const { store } = context;
  const dropped = training === undefined ? features : dropout(features, context, training.dropout);
  const hidden = linear(dropped, context, {
    weight: store.get('neck.linear1.weight'),
    bias: store.get<Tensor1D>('neck.linear1.bias'),
  });
  const activated = prelu(batchNorm(hidden, context, training !== undefined), context);
  return linear(activated, context, {
    weight: store.get('neck.linear2.weight'),
    bias: store.get<Tensor1D>('neck.linear2.bias'),
  });
}

/** a ||f||^2 / D + b, `[batch]`. */
export function typeHead(embedding: Tensor2D, { differentiable, store }: NeckContext): Tensor1D {
  const scale = store.get<Tensor1D>('type_head.weight');
  const offset = store.get<Tensor1D>('type_head.bias');
  return differentiable<Tensor1D>(
    [embedding, scale, offset],
    () => ({
      value: add(mul(mean(square(embedding), 1), scale), offset),
      saved: [embedding, scale],
    }),
    (dy, [f, a]) => {
      const [batch, size] = (f as Tensor2D).shape;
      const column = reshape(dy, [batch, 1]);
      return [
        mul(mul(f!, mul(a!, 2 / size)), column),
        reshape(sum(mul(dy, mean(square(f!), 1))), [1]),
        reshape(sum(dy), [1]),
      ];
    },
  );
}

/** W f without bias, `[batch, nMachineIds]`. */
export function idHead(embedding: Tensor2D, context: NeckContext): Tensor2D {
  return linear(embedding, context, { weight: context.store.get('id_head.weight') });
}

/** x W + b with W `[in, out]`. */
function linear(
  x: Tensor2D,
  { differentiable }: NeckContext,
  { weight, bias }: { weight: Tensor2D; bias?: Tensor1D },
): Tensor2D {
  return differentiable<Tensor2D>(
    bias === undefined ? [x, weight] : [x, weight, bias],
    () => {
      const product: Tensor2D = matMul(x, weight);
      const value: Tensor2D = bias === undefined ? product : add(product, bias);
      return { value, saved: [x, weight] };
    },
    (dy, [savedX, savedWeight]) => {
      const dx = matMulTransposedRight(dy, savedWeight as Tensor2D);
      const dWeight = matMulTransposedLeft(savedX as Tensor2D, dy);
      return bias === undefined ? [dx, dWeight] : [dx, dWeight, channelSums(dy)];
    },
  );
}

/** Zeroes each value with probability `rate` and divides the others by 1 - rate. */
function dropout(x: Tensor2D, { differentiable }: NeckContext, { rate, random }: DropoutOptions): Tensor2D {
  if (rate === 0) return x;
  const values = Float32Array.from({ length: x.size }, () => (random() < rate ? 0 : 1 / (1 - rate)));
  const mask = tensor2d(values, x.shape);
  return differentiable<Tensor2D>(
    [x],
    () => ({ value: mul(x, mask), saved: [mask] }),
    (dy, [savedMask]) => [mul(dy, savedMask!)],
  );
}

function batchNorm(x: Tensor2D, { differentiable, store }: NeckContext, isTraining: boolean): Tensor2D {
  const name = 'neck.bn';
  const options = { epsilon: NECK_BATCH_NORM_EPSILON, activation: 'none' } as const;
  const statistics = batchNormVariables(store, name);
  if (!isTraining) return batchNormInference(x, statistics, options);
  const { gamma, beta } = statistics;
  const { output, mean, variance } = batchNormTraining(differentiable, { x, gamma, beta }, options);
  updateRunningStatistics(store, name, { mean, variance, n: x.shape[0] });
  return output;
}

/** max(x, 0) + slope min(x, 0) with one slope for all channels. */
function prelu(x: Tensor2D, { differentiable, store }: NeckContext): Tensor2D {
  const slope = store.get<Tensor1D>('neck.prelu.weight');
  return differentiable<Tensor2D>(
    [x, slope],
    () => ({ value: add(maximum(x, 0), mul(minimum(x, 0), slope)), saved: [x, slope] }),
    (dy, [savedX, savedSlope]) => {
      const isPositive = cast(greater(savedX!, 0), 'float32');
      const derivative = add(isPositive, mul(sub(1, isPositive), savedSlope!));
      return [mul(dy, derivative), reshape(sum(mul(dy, minimum(savedX!, 0))), [1])];
    },
  );
}
