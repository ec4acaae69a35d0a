import { isFloat32Array, isFloat64Array } from './float-arrays';
import { show } from './show';

/** The nested arrays of a shape, copied out of flat row-major values: what JSON holds of a matrix. */
export function nest(values: Float64Array, shape: readonly number[]): unknown[] {
  const [length = 0, ...inner] = shape;
  if (inner.length === 0) return Array.from(values);
  const size = values.length / length;
  return Array.from({ length }, (_, i) => nest(values.subarray(i * size, (i + 1) * size), inner));
}

/**
 * Flat row-major copy of nested arrays (or of a flat array, for a shape of one axis): what was read out of JSON.
 *
 * @param where `<package>.<function>: <parameter>`.
 * @throws RangeError where the shape is another one or a value is not finite; TypeError for what is no array of numbers.
 */
export function flatten(where: string, values: unknown, shape: readonly number[]): Float64Array {
  const wanted = `[${shape.join(', ')}]`;
  const flat: number[] = [];
  const collect = (part: unknown, [length, ...inner]: readonly number[]): void => {
    if (!isList(part) || part.length !== length) {
      const got = isList(part) ? `an array of ${part.length} where ${length} belong` : show(part);
      const message = `${where} must be nested arrays of shape ${wanted}, got ${got}.`;
      throw isList(part) ? new RangeError(message) : new TypeError(message);
    }
    for (const value of Array.from(part)) {
      if (inner.length > 0) collect(value, inner);
      else flat.push(toFinite(where, value));
    }
  };
  collect(values, shape);
  return Float64Array.from(flat);
}

/** A conversion would turn null into 0 and a numeric text into a number. */
function toFinite(where: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${where} must hold numbers, got ${show(value)}.`);
  if (!Number.isFinite(value)) throw new RangeError(`${where} must hold finite numbers, got ${value}.`);
  return value;
}

function isList(values: unknown): values is ArrayLike<unknown> {
  return Array.isArray(values) || isFloat64Array(values) || isFloat32Array(values);
}
