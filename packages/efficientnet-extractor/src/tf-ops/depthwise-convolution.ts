import {
  concat,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  type Tensor1D,
  type Tensor4D,
  tensor4d,
  depthwiseConv2d as tfDepthwiseConv2d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { DepthwiseOptions } from '../extractor-ops';
import type { Differentiable } from './differentiable';
import { windowMargins, withMargins } from './padding';
import { channelSums } from './reductions';

/** Depthwise convolution; its gradients are compositions, because WASM has no kernels for them. */
export function depthwiseConv2d(
  differentiable: Differentiable,
  { x, filter }: Operands,
  { stride, padding = 'same' }: DepthwiseOptions,
): Tensor4D {
  if (padding === 'same') return windowed(differentiable, { x, filter }, { stride, padding });
  const [height, width] = filter.shape;
  const margins = windowMargins([x.shape[1], x.shape[2]], [height, width], { stride, padding });
  const placed = withMargins(differentiable, x, margins);
  return windowed(differentiable, { x: placed, filter }, { stride, padding: 'valid' });
}

interface Operands {
  x: Tensor4D;
  filter: Tensor4D;
}

/** With 'valid' the windows cover x exactly. */
interface Windows {
  stride: number;
  padding: 'same' | 'valid';
}

function windowed(differentiable: Differentiable, { x, filter }: Operands, windows: Windows): Tensor4D {
  const { stride, padding } = windows;
  return differentiable<Tensor4D>(
    [x, filter],
    () => ({ value: tfDepthwiseConv2d(x, filter, stride, padding), saved: [x, filter] }),
    (dy, [savedX, savedFilter]) => {
      const input = savedX as Tensor4D;
      const weights = savedFilter as Tensor4D;
      return [
        tidy(() => inputGradient(dy, weights, { shape: input.shape, ...windows })),
        tidy(() => filterGradient(dy, input, { shape: weights.shape, ...windows })),
      ];
    },
  );
}

interface Axis extends Windows {
  kernelSize: number;
}

/** Pixels of the output. */
function outSizeOf(inSize: number, { kernelSize, stride, padding }: Axis): number {
  return padding === 'same' ? Math.ceil(inSize / stride) : Math.floor((inSize - kernelSize) / stride) + 1;
}

/** Padding before the first row or column. */
function paddingBefore(inSize: number, { kernelSize, stride, padding }: Axis): number {
  if (padding === 'valid') return 0;
  const outSize = Math.ceil(inSize / stride);
  return Math.floor(Math.max(0, (outSize - 1) * stride + kernelSize - inSize) / 2);
}

/** Depthwise convolution of dy, spread out by the stride, with the flipped filter. */
function inputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  { shape, ...windows }: Windows & { shape: Tensor4D['shape'] },
): Tensor4D {
  const { stride, padding } = windows;
  const flipped = reverse(filter, [0, 1]);
  // Without a stride, an odd kernel pads as much before as after, for dy as for x.
  if (padding === 'same' && stride === 1 && filter.shape[0] % 2 === 1 && filter.shape[1] % 2 === 1) {
    return tfDepthwiseConv2d(dy, flipped, 1, 'same');
  }
  const [batch, height, width, nChannels] = shape;
  const [kernelHeight, kernelWidth] = filter.shape;
  const spread = spreadByStride(dy, stride);
  const before = [
    kernelHeight - 1 - paddingBefore(height, { kernelSize: kernelHeight, ...windows }),
    kernelWidth - 1 - paddingBefore(width, { kernelSize: kernelWidth, ...windows }),
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
  return tfDepthwiseConv2d(padded, flipped, 1, 'valid');
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

/**
 * For each tap: the input as that tap sees it, times dy, summed over batch, height and width.
 *
 * Cropping is slow on WASM and padding is not, so that dy moves instead of the input: the padded input is split into
 * its stride x stride phases (tap (i, j) meets only rows that are i and columns that are j modulo the stride), and dy
 * is padded to the size of a phase with the tap's offset in front.
 */
function filterGradient(
  dy: Tensor4D,
  x: Tensor4D,
  { shape, ...windows }: Windows & { shape: Tensor4D['shape'] },
): Tensor4D {
  const [height, width, nChannels] = shape;
  const { stride } = windows;
  const phases = splitPhases(x, { kernelShape: [height, width], ...windows });
  const sums: Tensor1D[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const phase = phases[(i % stride) * stride + (j % stride)]!;
      const offset = [Math.floor(i / stride), Math.floor(j / stride)] as const;
      sums.push(tidy(() => channelSums(mul(phase, padTo(dy, offset, phase.shape)))));
    }
  }
  return reshape(concat(sums), [height, width, nChannels, 1]);
}

/** Pads height and width to those of `shape`, with `offset` rows and columns of zeros in front. */
function padTo(x: Tensor4D, [top, left]: readonly [number, number], shape: Tensor4D['shape']): Tensor4D {
  return pad(x, [
    [0, 0],
    [top, shape[1] - x.shape[1] - top],
    [left, shape[2] - x.shape[2] - left],
    [0, 0],
  ]);
}

/** The padded input; for stride 2 its four subgrids of every second row and column. */
function splitPhases(
  x: Tensor4D,
  { kernelShape, ...windows }: Windows & { kernelShape: readonly [number, number] },
): Tensor4D[] {
  const { stride } = windows;
  const [batch, height, width, nChannels] = x.shape;
  const phaseSize = (size: number, kernelSize: number) =>
    outSizeOf(size, { kernelSize, ...windows }) + Math.floor((kernelSize - 1) / stride);
  const offset = [
    paddingBefore(height, { kernelSize: kernelShape[0], ...windows }),
    paddingBefore(width, { kernelSize: kernelShape[1], ...windows }),
  ] as const;
  const padded = padTo(x, offset, [
    batch,
    phaseSize(height, kernelShape[0]) * stride,
    phaseSize(width, kernelShape[1]) * stride,
    nChannels,
  ]);
  if (stride === 1) return [padded];
  const phases = Array.from({ length: stride * stride }, (_, phase) =>
    tfDepthwiseConv2d(padded, pickFilter([stride, stride, nChannels, 1], phase), stride, 'valid'),
  );
  padded.dispose();
  return phases;
}

/** The filter that is 1 at one place of every channel and 0 elsewhere: it picks without arithmetic. */
function pickFilter(shape: Tensor4D['shape'], place: number): Tensor4D {
  const [height, width, nChannels] = shape;
  const values = new Float32Array(height * width * nChannels);
  values.fill(1, place * nChannels, (place + 1) * nChannels);
  return tensor4d(values, shape);
}
