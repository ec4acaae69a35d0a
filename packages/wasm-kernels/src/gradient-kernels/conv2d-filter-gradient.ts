import {
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  concat,
  conv2d,
  type KernelBackend,
  type KernelFunc,
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor4d,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { AxisGeometry } from '../convolution/image-geometry';
import { composeKernel } from './compose-kernel';
import { type ConvolutionGeometry, convolutionGeometry, isEmptyShape } from './convolution-geometry';
import { mapTaps } from './input-taps';
import { asRows, matMulTransposedLeft } from './matrix-products';
import { type Margin, padLike, padSpatially } from './padding';
import type { RuntimeOf } from './runtime-of-backend';
import { simdConv2dFilterGradient } from './simd-gradients';

/** Up to this many values under the window, one product with the unfolded input beats a product a tap (measured). */
const MAX_PATCH_SIZE = 32;

/** Kernel `Conv2DBackpropFilter`: the gradient of `conv2d` for its filter, `[kh, kw, in, out]`. */
export function conv2dFilterGradient(runtimeOf: RuntimeOf): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const attributes = attrs as unknown as Conv2DBackpropFilterAttrs;
    const { x, dy } = inputs as { x: Tensor; dy: Tensor };
    const { filterShape } = attributes;
    const geometry = convolutionGeometry(
      Conv2DBackpropFilter,
      { input: x.shape, filter: filterShape, output: dy.shape },
      { ...attributes, isDepthwise: false },
    );
    const isEmpty = isEmptyShape(x.shape) || isEmptyShape(dy.shape);
    const runtime = isEmpty ? null : runtimeOf(backend as KernelBackend);
    if (runtime) return simdConv2dFilterGradient(runtime, { x, dy }, { geometry, filterShape });
    return composeKernel(backend as KernelBackend, [x, dy], (input, outputGradient) =>
      isEmpty ? zeros(filterShape) : reshape(filterGradient(input, outputGradient, geometry), filterShape),
    );
  };
}

function filterGradient(x: Tensor4D, dy: Tensor4D, geometry: ConvolutionGeometry): Tensor {
  const nTaps = geometry.height.kernelSize * geometry.width.kernelSize;
  if (nTaps === 1) {
    const [product] = mapTaps(x, geometry, ({ phase, rows, columns }) =>
      matMulTransposedLeft(asRows(phase), asRows(padLike(dy, [[0, 0], rows, columns, [0, 0]]))),
    );
    return product!;
  }
  if (nTaps * geometry.nInChannels <= MAX_PATCH_SIZE) {
    const patches = unfold(x, geometry);
    const rows: Margin = [0, patches.shape[1] - dy.shape[1]];
    const columns: Margin = [0, patches.shape[2] - dy.shape[2]];
    return matMulTransposedLeft(asRows(patches), asRows(padSpatially(dy, rows, columns)));
  }
  return gradientByTaps(x, dy, geometry);
}

/**
 * transpose(dy) x for each tap, `[taps, in, out]`. The input stands on the right: its repacked form serves all taps
 * of a phase.
 */
function gradientByTaps(x: Tensor4D, dy: Tensor4D, geometry: ConvolutionGeometry): Tensor {
  const { batch, nInChannels, nOutChannels, height, width } = geometry;
  const channelsFirst = reshape(transpose(asRows(dy)), [nOutChannels, batch, height.outSize, width.outSize]);
  const products = mapTaps(x, geometry, ({ phase, rows, columns }) => {
    const laidOver = padLike(channelsFirst, [[0, 0], [0, 0], rows, columns]);
    return matMul(reshape(laidOver, [nOutChannels, laidOver.size / nOutChannels]), asRows(phase)) as Tensor2D;
  });
  const taps = reshape(concat(products), [products.length, nOutChannels, nInChannels]);
  return transpose(taps, [0, 2, 1]);
}

/**
 * The values under the window, `[batch, h, w, kh kw in]`, h and w at least those of dy: a convolution with the identity
 * as its filter.
 */
function unfold(x: Tensor4D, { height, width, nInChannels }: ConvolutionGeometry): Tensor4D {
  const nPatch = height.kernelSize * width.kernelSize * nInChannels;
  const identity = new Float32Array(nPatch * nPatch);
  for (let i = 0; i < nPatch; i++) identity[i * nPatch + i] = 1;
  const filter = tensor4d(identity, [height.kernelSize, width.kernelSize, nInChannels, nPatch]);
  return conv2d(
    x,
    filter,
    [height.stride, width.stride],
    [
      [0, 0],
      [height.padBefore, padAfter(height)],
      [width.padBefore, padAfter(width)],
      [0, 0],
    ],
  );
}

/** Zeros that the last position of the window reaches over the end of the input. */
function padAfter({ inSize, outSize, kernelSize, stride, padBefore }: AxisGeometry): number {
  return Math.max(0, (outSize - 1) * stride + kernelSize - padBefore - inSize);
}
