import { pad, slice, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { Padding } from '../extractor-ops';
import type { Differentiable } from './differentiable';

/** Rows and columns to put around an image, before and after; below 0 they are taken away. */
export type Margins = readonly [rows: readonly [number, number], columns: readonly [number, number]];

export interface WindowOptions {
  stride: number;
  padding: Padding;
}

/**
 * What has to stand around an image so that the windows of a convolution without padding cover it exactly: no row or
 * column is left over after the last window.
 */
export function windowMargins(
  imageShape: readonly [number, number],
  kernelShape: readonly [number, number],
  { stride, padding }: WindowOptions,
): Margins {
  const axis = (index: 0 | 1): [number, number] => {
    const size = imageShape[index];
    const kernelSize = kernelShape[index];
    const [before, after] =
      padding === 'same'
        ? samePadding(size, kernelSize, stride)
        : padding === 'valid'
          ? [0, 0]
          : [padding[index][0], padding[index][1]];
    const outSize = Math.floor((size + before + after - kernelSize) / stride) + 1;
    return [before, (outSize - 1) * stride + kernelSize - size - before];
  };
  return [axis(0), axis(1)];
}

/** TensorFlow's rule: out = ceil(in / stride), the odd pixel behind the image. */
function samePadding(size: number, kernelSize: number, stride: number): [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernelSize - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Zeros around an image, or rows and columns less of it. The gradient does the opposite. */
export function withMargins(differentiable: Differentiable, x: Tensor4D, margins: Margins): Tensor4D {
  if (margins.flat().every((size) => size === 0)) return x;
  const opposite = margins.map(([before, after]) => [-before, -after]) as unknown as Margins;
  return differentiable<Tensor4D>(
    [x],
    () => ({ value: padOrCrop(x, margins), saved: [] }),
    (dy) => [padOrCrop(dy, opposite)],
  );
}

function padOrCrop(x: Tensor4D, margins: Margins): Tensor4D {
  const [batch, height, width, nChannels] = x.shape;
  const cropped = ([before, after]: readonly [number, number], size: number) =>
    size + Math.min(0, before) + Math.min(0, after);
  const [rows, columns] = margins;
  return tidy(() => {
    const inner = margins.flat().some((size) => size < 0)
      ? slice(
          x,
          [0, Math.max(0, -rows[0]), Math.max(0, -columns[0]), 0],
          [batch, cropped(rows, height), cropped(columns, width), nChannels],
        )
      : x;
    const zeros = margins.map(([before, after]) => [Math.max(0, before), Math.max(0, after)]);
    return pad(inner, [[0, 0], ...(zeros as [number, number][]), [0, 0]]);
  });
}
