import {
  AT_LEAST_ZERO,
  COUNT,
  checkNumber,
  checkOneOf,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
  show,
} from '@serial-oe/foundation';
import { Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { imageGeometry } from '../convolution/image-geometry';
import type { SqueezeExciteWeights } from './squeeze-excite-weights';
import type { BatchNormOptions, DepthwiseOptions } from './wasm-ops';

const PACKAGE = 'wasm-kernels';

/** A tensor argument: who was called, and the argument's name. */
interface Argument {
  caller: string;
  name: string;
}

/** Throws unless x is a float32 tensor `[batch, h, w, channels]` with at least one value. */
export function checkImages({ caller, name }: Argument, x: unknown): asserts x is Tensor4D {
  checkTensor({ caller, name }, x);
  if (x.rank !== 4 || x.size === 0) {
    throw new RangeError(
      `${PACKAGE}.${caller}: ${name} must have shape [batch, height, width, channels] without zeros, got [${x.shape}].`,
    );
  }
}

/** Throws unless x is a float32 tensor of that shape; null stands for any size from 1. */
export function checkShape(argument: Argument, x: unknown, expected: readonly (number | null)[]): void {
  checkTensor(argument, x);
  const isEqual =
    x.rank === expected.length &&
    x.shape.every((size, axis) => (expected[axis] === null ? size > 0 : size === expected[axis]));
  if (!isEqual) {
    const wanted = expected.map((size) => size ?? 'any').join(', ');
    throw new RangeError(
      `${PACKAGE}.${argument.caller}: ${argument.name} must have shape [${wanted}], got [${x.shape.join(', ')}].`,
    );
  }
}

export function checkStride(caller: string, stride: unknown): void {
  checkNumber(`${PACKAGE}.${caller}: stride`, stride, POSITIVE_COUNT);
}

/** Throws unless stride and padding are whole numbers and the filter fits into the padded image. */
export function checkWindows(
  caller: string,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  { stride, padding = 'same' }: DepthwiseOptions,
): void {
  checkStride(caller, stride);
  if (typeof padding === 'string') checkOneOf(`${PACKAGE}.${caller}: padding`, padding, ['same', 'valid']);
  else for (const size of padding.flat()) checkNumber(`${PACKAGE}.${caller}: padding`, size, COUNT);
  const [height, width] = filter.shape;
  const { height: rows, width: columns } = imageGeometry([x.shape[1], x.shape[2]], [height, width], {
    stride,
    padding,
  });
  if (rows.outSize > 0 && columns.outSize > 0) return;
  throw new RangeError(
    `${PACKAGE}.${caller}: filter must fit into the padded image, got ${height} x ${width} on an image of ` +
      `${x.shape[1]} x ${x.shape[2]}. Use padding 'same' or a larger image.`,
  );
}

const BATCH_NORM_OPTIONS: OptionNames<BatchNormOptions> = { epsilon: true, activation: true };

export function checkBatchNorm(
  caller: string,
  { nChannels, ...vectors }: Readonly<Record<string, unknown>> & { nChannels: number },
  options: BatchNormOptions,
): void {
  checkOptions(`${PACKAGE}.${caller}`, options, BATCH_NORM_OPTIONS);
  const { epsilon, activation } = options;
  for (const [name, vector] of Object.entries(vectors)) checkShape({ caller, name }, vector, [nChannels]);
  checkNumber(`${PACKAGE}.${caller}: epsilon`, epsilon, AT_LEAST_ZERO);
  checkOneOf(`${PACKAGE}.${caller}: activation`, activation, ['none', 'swish', 'prelu']);
}

export function checkSqueezeExcite(nChannels: number, weights: SqueezeExciteWeights): void {
  const caller = 'squeezeExcite';
  checkShape({ caller, name: 'reduceBias' }, weights.reduceBias, [null]);
  const nSqueezed = weights.reduceBias.size;
  checkShape({ caller, name: 'reduceKernel' }, weights.reduceKernel, [nChannels, nSqueezed]);
  checkShape({ caller, name: 'expandKernel' }, weights.expandKernel, [nSqueezed, nChannels]);
  checkShape({ caller, name: 'expandBias' }, weights.expandBias, [nChannels]);
}

function checkTensor({ caller, name }: Argument, x: unknown): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    throw new TypeError(`${PACKAGE}.${caller}: ${name} must be a tensor, got ${show(x)}.`);
  }
  if (x.dtype !== 'float32') {
    throw new TypeError(
      `${PACKAGE}.${caller}: ${name} must be float32, got ${x.dtype}. Use tf.cast(x, 'float32').`,
    );
  }
}
