import {
  concat,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  depthwiseConv2d,
  type KernelBackend,
  type KernelFunc,
  mul,
  ones,
  reshape,
  type Tensor,
  type Tensor4D,
  zeros,
} from '@tensorflow/tfjs-core';
import { composeKernel } from './compose-kernel';
import { convolutionGeometry, isEmptyShape } from './convolution-geometry';
import { mapTaps } from './input-taps';
import { channelSums } from './matrix-products';
import { padSpatially } from './padding';
import type { RuntimeOf } from './runtime-of-backend';
import { isPlainDepthwise, simdDepthwiseFilterGradient } from './simd-gradients';

/**
 * Kernel `DepthwiseConv2dNativeBackpropFilter`: the gradient of `depthwiseConv2d` for its filter,
 * `[kh, kw, in, multiplier]`. For each tap: the input as the tap sees it, times dy, summed over batch, height and width.
 */
export function depthwiseFilterGradient(runtimeOf: RuntimeOf): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const attributes = attrs as unknown as DepthwiseConv2dNativeBackpropFilterAttrs;
    const { x, dy } = inputs as { x: Tensor; dy: Tensor };
    const { filterShape } = attributes;
    const geometry = convolutionGeometry(
      DepthwiseConv2dNativeBackpropFilter,
      { input: x.shape, filter: filterShape, output: dy.shape },
      { ...attributes, isDepthwise: true },
    );
    const isEmpty = isEmptyShape(x.shape) || isEmptyShape(dy.shape);
    const hasSimd = !isEmpty && isPlainDepthwise(geometry);
    const runtime = hasSimd ? runtimeOf(backend as KernelBackend) : null;
    if (runtime) return simdDepthwiseFilterGradient(runtime, { x, dy }, { geometry, filterShape });
    return composeKernel(backend as KernelBackend, [x, dy], (input, outputGradient) => {
      if (isEmpty) return zeros(filterShape);
      const sums = mapTaps(repeatChannels(input, filterShape[3]), geometry, ({ phase, rows, columns }) =>
        channelSums(mul(phase, padSpatially(outputGradient, rows, columns))),
      );
      return reshape(concat(sums), filterShape);
    });
  };
}

/** Each channel `multiplier` times in a row, which is the order of the output channels. */
function repeatChannels(x: Tensor4D, multiplier: number): Tensor4D {
  if (multiplier === 1) return x;
  return depthwiseConv2d(x, ones([1, 1, x.shape[3], multiplier]) as Tensor4D, 1, 'valid');
}
