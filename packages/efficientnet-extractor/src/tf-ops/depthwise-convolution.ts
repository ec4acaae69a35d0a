import {
  concat,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  type Tensor4D,
  tensor4d,
  depthwiseConv2d as tfDepthwiseConv2d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Differentiable } from './differentiable';
import { channelSums } from './reductions';

/** Depthwise convolution with SAME padding; its gradients are compositions, because WASM has no kernels for them. */
export function depthwiseConv2d(
  differentiable: Differentiable,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  stride: number,
): Tensor4D {
  return differentiable<Tensor4D>(
    [x, filter],
    () => ({ value: tfDepthwiseConv2d(x, filter, stride, 'same'), saved: [x, filter] }),
    (dy, [savedX, savedFilter]) => {
      const input = savedX as Tensor4D;
      const weights = savedFilter as Tensor4D;
      return [
        tidy(() => inputGradient(dy, weights, { shape: input.shape, stride })),
        tidy(() => filterGradient(dy, input, { shape: weights.shape, stride })),
      ];
    },
  );
}

/** Padding before the first row or column under TensorFlow's SAME rule. */
function samePaddingBefore(
  inSize: number,
  { kernelSize, stride }: { kernelSize: number; stride: number },
): number {
  const outSize = Math.ceil(inSize / stride);
  return Math.floor(Math.max(0, (outSize - 1) * stride + kernelSize - inSize) / 2);
}

/** Depthwise convolution of dy, spread out by the stride, with the flipped filter. */
function inputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  { shape, stride }: { shape: Tensor4D['shape']; stride: number },
): Tensor4D {
  const [batch, height, width, nChannels] = shape;
  const [kernelHeight, kernelWidth] = filter.shape;
  const spread = spreadByStride(dy, stride);
  const before = [
    kernelHeight - 1 - samePaddingBefore(height, { kernelSize: kernelHeight, stride }),
    kernelWidth - 1 - samePaddingBefore(width, { kernelSize: kernelWidth, stride }),
  ] as const;
  const after = [
    height + kernelHeight - 1 - before[0] - spread.shape[1],
    width + kernelWidth - 1 - before[1] - spread.shape[2],
  ] as const;
  // Rows and columns of zeros that the spreading appended can reach over the end of the input.
  const cropped = slice(
    spread,
    [0, 0, 0, 0],
    [batch, spread.shape[1] + Math.min(0, after[0]), spread.shape[2] + Math.min(0, after[1]), nChannels],
  );
  const padded = pad(cropped, [
    [0, 0],
    [before[0], Math.max(0, after[0])],
    [before[1], Math.max(0, after[1])],
    [0, 0],
  ]);
  return tfDepthwiseConv2d(padded, reverse(filter, [0, 1]), 1, 'valid');
}

/** Puts stride - 1 rows and columns of zeros after each row and column. */
function spreadByStride(x: Tensor4D, stride: number): Tensor4D {
  if (stride === 1) return x;
  const [batch, height, width, nChannels] = x.shape;
  const insertAfter = (rows: Tensor4D) =>
    pad(rows, [
      [0, 0],
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ]);
  const columns = insertAfter(reshape(x, [batch * height, width, 1, nChannels]));
  const rows = insertAfter(reshape(columns, [batch, height, 1, width * stride * nChannels]));
  return reshape(rows, [batch, height * stride, width * stride, nChannels]);
}

/** For each tap: the input as that tap sees it, times dy, summed over batch, height and width. */
function filterGradient(
  dy: Tensor4D,
  x: Tensor4D,
  { shape, stride }: { shape: Tensor4D['shape']; stride: number },
): Tensor4D {
  const [height, width, nChannels] = shape;
  const taps = Array.from({ length: height * width }, (_, tap) =>
    tidy(() => channelSums(mul(tfDepthwiseConv2d(x, tapFilter(shape, tap), stride, 'same'), dy))),
  );
  return reshape(concat(taps), [height, width, nChannels, 1]);
}

/** The filter that is 1 at one tap of every channel and 0 elsewhere: it shifts (and strides) without arithmetic. */
function tapFilter([height, width, nChannels]: Tensor4D['shape'], tap: number): Tensor4D {
  const values = new Float32Array(height * width * nChannels);
  values.fill(1, tap * nChannels, (tap + 1) * nChannels);
  return tensor4d(values, [height, width, nChannels, 1]);
}
