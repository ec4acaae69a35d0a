import {
  conv2dTranspose,
  reshape,
  type Tensor4D,
  tensor4d,
  conv2d as tfConv2d,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Differentiable } from './differentiable';
import { asRows, matMulTransposedLeft, matMulTransposedRight } from './reductions';

/**
 * Dense convolution. The gradient for the filter is transpose(patches) dy, where the patches `[rows, k k in]` come
 * from a convolution with the identity as its filter: one kernel that every backend has.
 */
export function conv2d(
  differentiable: Differentiable,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  { stride, isInput = false }: { stride: number; isInput?: boolean },
): Tensor4D {
  return differentiable<Tensor4D>(
    [x, filter],
    () => ({ value: tfConv2d(x, filter, stride, 'same'), saved: [x, filter] }),
    (dy, [savedX, savedFilter]) => {
      const input = savedX as Tensor4D;
      const weights = savedFilter as Tensor4D;
      const dx = isInput ? zerosLike(input) : conv2dTranspose(dy, weights, input.shape, stride, 'same');
      const patches = tfConv2d(input, patchFilter(weights.shape), stride, 'same'); // [batch, h, w, k k in]
      const dFilter = matMulTransposedLeft(asRows(patches), asRows(dy));
      return [dx, reshape(dFilter, weights.shape)];
    },
  );
}

/** The filter that copies each value under the window into a channel of its own. */
function patchFilter([height, width, nIn]: Tensor4D['shape']): Tensor4D {
  const nPatch = height * width * nIn;
  const identity = new Float32Array(nPatch * nPatch);
  for (let i = 0; i < nPatch; i++) identity[i * nPatch + i] = 1;
  return tensor4d(identity, [height, width, nIn, nPatch]);
}

/** 1x1 convolution: a matrix product in both directions. */
export function pointwiseConv2d(differentiable: Differentiable, x: Tensor4D, filter: Tensor4D): Tensor4D {
  return differentiable<Tensor4D>(
    [x, filter],
    () => ({ value: tfConv2d(x, filter, 1, 'valid'), saved: [x, filter] }),
    (dy, [savedX, savedFilter]) => {
      const [, , nIn, nOut] = (savedFilter as Tensor4D).shape;
      const rows = asRows(dy);
      const dx = matMulTransposedRight(rows, reshape(savedFilter!, [nIn, nOut]));
      const dFilter = matMulTransposedLeft(asRows(savedX!), rows);
      return [reshape(dx, savedX!.shape), reshape(dFilter, savedFilter!.shape)];
    },
  );
}
