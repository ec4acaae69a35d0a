import { show } from '@serial-oe/foundation';
import { Tensor } from '@tensorflow/tfjs-core';

/** Throws unless `value` is a tensor of the given shape; -1 stands for any size of at least 1. */
export function checkTensor(where: string, value: unknown, shape: readonly number[]): void {
  if (!(value instanceof Tensor)) throw new TypeError(`${where} must be a tensor, got ${show(value)}.`);
  const isFit =
    value.shape.length === shape.length &&
    value.shape.every((size: number, axis: number) =>
      shape[axis] === -1 ? size >= 1 : size === shape[axis],
    );
  if (!isFit) {
    const wanted = shape.map((n) => (n === -1 ? '1 or more' : n)).join(', ');
    throw new RangeError(`${where} must have shape [${wanted}], got [${value.shape.join(', ')}].`);
  }
}
