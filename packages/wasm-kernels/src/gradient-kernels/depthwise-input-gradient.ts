import {
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  depthwiseConv2d,
  type KernelBackend,
  type KernelFunc,
  reshape,
  reverse,
  slice,
  type Tensor,
  type Tensor4D,
  zeros,
} from '@tensorflow/tfjs-core';
import type { AxisGeometry } from '../convolution/image-geometry';
import { composeKernel } from './compose-kernel';
import { type ConvolutionGeometry, convolutionGeometry, isEmptyShape } from './convolution-geometry';
import { sumChannelGroups } from './matrix-products';
import { padLike, padSpatially } from './padding';
import type { RuntimeOf } from './runtime-of-backend';
import { isPlainDepthwise, simdDepthwiseInputGradient } from './simd-gradients';

/**
 * Kernel `DepthwiseConv2dNativeBackpropInput`: the gradient of `depthwiseConv2d` for its input,
 * `[batch, h, w, in]`. It is the depthwise convolution of dy, spread out by the stride, with the flipped filter.
 */
export function depthwiseInputGradient(runtimeOf: RuntimeOf): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const attributes = attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs;
    const { dy, filter } = inputs as { dy: Tensor; filter: Tensor };
    const { inputShape } = attributes;
    const geometry = convolutionGeometry(
      DepthwiseConv2dNativeBackpropInput,
      { input: inputShape, filter: filter.shape, output: dy.shape },
      { ...attributes, isDepthwise: true },
    );
    const isEmpty = isEmptyShape(dy.shape);
    const hasSimd = !isEmpty && isPlainDepthwise(geometry);
    const runtime = hasSimd ? runtimeOf(backend as KernelBackend) : null;
    if (runtime) return simdDepthwiseInputGradient(runtime, { dy, filter }, { geometry, inputShape });
    return composeKernel(backend as KernelBackend, [dy, filter], (outputGradient, weights) =>
      isEmpty ? zeros(inputShape) : inputGradient(outputGradient, weights, geometry),
    );
  };
}

function inputGradient(dy: Tensor4D, filter: Tensor4D, geometry: ConvolutionGeometry): Tensor4D {
  const { height, width, nOutChannels } = geometry;
  const [kernelHeight, kernelWidth, , multiplier] = filter.shape;
  const spread = spreadByStride(dy, [height.stride, width.stride]);
  const placed = place(
    spread,
    { top: frontMargin(height), left: frontMargin(width) },
    { nRows: reach(height) + height.inSize, nColumns: reach(width) + width.inSize },
  );
  const flipped = reshape(reverse(filter, [0, 1]), [kernelHeight, kernelWidth, nOutChannels, 1]);
  const products = depthwiseConv2d(placed, flipped as Tensor4D, 1, 'valid', 'NHWC', [
    height.dilation,
    width.dilation,
  ]);
  return sumChannelGroups(products, multiplier);
}

/** Rows that a filter reaches beyond its first. */
function reach({ kernelSize, dilation }: AxisGeometry): number {
  return (kernelSize - 1) * dilation;
}

/** Zeros in front of dy: input row 0 then meets the flipped filter's last tap at output row -padBefore. */
function frontMargin(axis: AxisGeometry): number {
  return reach(axis) - axis.padBefore;
}

/** Puts stride - 1 rows and columns of zeros after each row and column. */
function spreadByStride(x: Tensor4D, [strideHeight, strideWidth]: [number, number]): Tensor4D {
  const [batch, height, width, nChannels] = x.shape;
  const insertAfter = (rows: Tensor4D, nZeros: number) =>
    padLike(rows, [
      [0, 0],
      [0, 0],
      [0, nZeros],
      [0, 0],
    ]);
  const columns = insertAfter(reshape(x, [batch * height, width, 1, nChannels]), strideWidth - 1);
  const rowLength = width * strideWidth * nChannels;
  const rows = insertAfter(reshape(columns, [batch, height, 1, rowLength]), strideHeight - 1);
  return reshape(rows, [batch, height * strideHeight, width * strideWidth, nChannels]);
}

/** Lays x on a canvas of zeros, `top` rows and `left` columns from its corner; what lies outside is cut off. */
function place(
  x: Tensor4D,
  { top, left }: { top: number; left: number },
  { nRows, nColumns }: { nRows: number; nColumns: number },
): Tensor4D {
  const rows = visibleRange(x.shape[1], top, nRows);
  const columns = visibleRange(x.shape[2], left, nColumns);
  const [batch, height, width, nChannels] = x.shape;
  const isWhole = rows.size === height && columns.size === width;
  const visible = isWhole
    ? x
    : slice(x, [0, rows.begin, columns.begin, 0], [batch, rows.size, columns.size, nChannels]);
  return padSpatially(visible, rows.margin, columns.margin);
}

/** The part of an axis that falls on the canvas, and the zeros around it. */
function visibleRange(size: number, offset: number, canvasSize: number) {
  const begin = Math.max(0, -offset);
  const nVisible = Math.max(0, Math.min(size, canvasSize - offset) - begin);
  const before = Math.min(Math.max(0, offset), canvasSize - nVisible);
  return { begin, size: nVisible, margin: [before, canvasSize - nVisible - before] as const };
}
