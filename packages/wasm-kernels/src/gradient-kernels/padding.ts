import { pad, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';

/** Zeros before and after, along one axis. */
export type Margin = readonly [number, number];

/** Puts zeros around height and width of an NHWC tensor. */
export function padSpatially(x: Tensor4D, rows: Margin, columns: Margin): Tensor4D {
  return padLike(x, [[0, 0], rows, columns, [0, 0]]);
}

/** `pad` that costs nothing where no margin asks for anything. */
export function padLike<T extends Tensor>(x: T, margins: readonly Margin[]): T {
  if (margins.every(([before, after]) => before === 0 && after === 0)) return x;
  return pad(
    x,
    margins.map(([before, after]): [number, number] => [before, after]),
  );
}
