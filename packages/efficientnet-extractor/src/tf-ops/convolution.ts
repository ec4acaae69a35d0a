import {
  concat,
  conv2dTranspose,
  reshape,
  slice,
  stridedSlice,
  type Tensor4D,
  tensor4d,
  conv2d as tfConv2d,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { ConvolutionOptions } from '../extractor-ops';
import type { Differentiable } from './differentiable';
import { windowMargins, withMargins } from './padding';
import { asRows, matMulTransposedLeft, matMulTransposedRight } from './reductions';

/** Up to so many values under the window, the gradient for the filter takes them all at once. */
const MAX_PATCH_SIZE = 32;

interface Operands {
  x: Tensor4D;
  filter: Tensor4D;
}

/** Dense convolution. Its gradients are compositions of kernels that every backend has. */
export function conv2d(
  differentiable: Differentiable,
  { x, filter }: Operands,
  { stride, isInput = false, padding = 'same' }: ConvolutionOptions,
): Tensor4D {
  const [height, width, nIn] = filter.shape;
  const isSmall = height * width * nIn <= MAX_PATCH_SIZE;
  if (padding === 'same' && isSmall) {
    return windowed(differentiable, { x, filter }, { stride, isInput, padding });
  }
  const margins = windowMargins([x.shape[1], x.shape[2]], [height, width], { stride, padding });
  const operands = { x: withMargins(differentiable, x, margins), filter };
  return windowed(differentiable, operands, { stride, isInput, padding: 'valid' });
}

type WindowedOptions = { stride: number; isInput: boolean; padding: 'same' | 'valid' };

/** With 'valid' the windows cover x exactly. */
function windowed(
  differentiable: Differentiable,
  { x, filter }: Operands,
  { stride, isInput, padding }: WindowedOptions,
): Tensor4D {
  return differentiable<Tensor4D>(
    [x, filter],
    () => ({ value: tfConv2d(x, filter, stride, padding), saved: [x, filter] }),
    (dy, [savedX, savedFilter]) => {
      const input = savedX as Tensor4D;
      const weights = savedFilter as Tensor4D;
      const nPatch = weights.size / weights.shape[3];
      return [
        isInput ? zerosLike(input) : conv2dTranspose(dy, weights, input.shape, stride, padding),
        nPatch <= MAX_PATCH_SIZE
          ? filterGradientByPatches(dy, input, { shape: weights.shape, stride, padding })
          : filterGradientByTaps(dy, input, { shape: weights.shape, stride }),
      ];
    },
  );
}

/**
 * transpose(patches) dy, where the patches `[rows, k k in]` come from a convolution with the identity as its filter: one
 * kernel that every backend has.
 */
function filterGradientByPatches(
  dy: Tensor4D,
  x: Tensor4D,
  { shape, stride, padding }: { shape: Tensor4D['shape']; stride: number; padding: 'same' | 'valid' },
): Tensor4D {
  const patches = tfConv2d(x, patchFilter(shape), stride, padding); // [batch, h, w, k k in]
  return reshape(matMulTransposedLeft(asRows(patches), asRows(dy)), shape);
}

/** For each tap: transpose(the input as that tap sees it) dy. */
function filterGradientByTaps(
  dy: Tensor4D,
  x: Tensor4D,
  { shape, stride }: { shape: Tensor4D['shape']; stride: number },
): Tensor4D {
  const rows = asRows(dy);
  const products = tapsOf(shape).map(([i, j]) =>
    tidy(() => {
      const seen = seenByTap(x, [i, j], { outShape: dy.shape, stride });
      return matMulTransposedLeft(asRows(seen), rows);
    }),
  );
  return reshape(concat(products), shape);
}

/** Every stride-th pixel from the offset on, as many as the output has. */
function seenByTap(
  x: Tensor4D,
  [top, left]: readonly [number, number],
  { outShape, stride }: { outShape: Tensor4D['shape']; stride: number },
): Tensor4D {
  const [batch, height, width] = outShape;
  const nChannels = x.shape[3];
  if (stride === 1) return slice(x, [0, top, left, 0], [batch, height, width, nChannels]);
  const end = [batch, top + (height - 1) * stride + 1, left + (width - 1) * stride + 1, nChannels];
  return stridedSlice(x, [0, top, left, 0], end, [1, stride, stride, 1]) as Tensor4D;
}

/** Row and column of each tap, in the order of the filter. */
function tapsOf([height, width]: Tensor4D['shape']): [number, number][] {
  return Array.from({ length: height * width }, (_, tap) => [Math.floor(tap / width), tap % width]);
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
