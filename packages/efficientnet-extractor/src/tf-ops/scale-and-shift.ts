import { fused, reshape, type Tensor, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core';

/**
 * x scale + shift, with one factor and one summand for each channel (the last axis). A depthwise 1x1 convolution with
 * a bias is just that, and one pass over x where `mul` and `add` are two.
 */
export function scaleAndShift<T extends Tensor>(x: T, scale: Tensor1D, shift: Tensor1D): T {
  const nChannels = scale.size;
  const result = fused.depthwiseConv2d({
    x: (x.rank === 4 ? x : reshape(x, [-1, 1, 1, nChannels])) as Tensor4D,
    filter: reshape(scale, [1, 1, nChannels, 1]),
    strides: 1,
    pad: 'valid',
    bias: shift,
  });
  return (x.rank === 4 ? result : reshape(result, x.shape)) as T;
}
