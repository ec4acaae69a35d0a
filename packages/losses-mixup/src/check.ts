import { Tensor } from '@tensorflow/tfjs-core';

/** How a wrong value is shown in an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if (value instanceof Tensor) return `a tensor of shape ${show(value.shape)}`;
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor?.name ?? 'object'}`
    : String(value);
}

/** A rule for a number: what it must do, in words and as a test. */
export interface NumberRule {
  isValid: (value: number) => boolean;
  rule: string;
}

export const COUNT: NumberRule = {
  isValid: (x) => Number.isSafeInteger(x) && x >= 0,
  rule: 'be a whole number, 0 or more',
};
export const POSITIVE_COUNT: NumberRule = {
  isValid: (x) => Number.isSafeInteger(x) && x >= 1,
  rule: 'be a whole number, 1 or more',
};
export const AT_LEAST_ZERO: NumberRule = { isValid: (x) => x >= 0, rule: 'be finite and at least 0' };
export const ABOVE_ZERO: NumberRule = { isValid: (x) => x > 0, rule: 'be finite and above 0' };

/** Throws unless `value` is a finite number within the rule; `where` is the function, as `applyMixup`. */
export function checkNumber(
  where: string,
  parameter: string,
  value: unknown,
  { isValid, rule }: NumberRule,
): void {
  if (typeof value !== 'number') {
    throw new TypeError(`losses-mixup.${where}: ${parameter} must be a number, got ${show(value)}.`);
  }
  if (!Number.isFinite(value) || !isValid(value)) {
    throw new RangeError(`losses-mixup.${where}: ${parameter} must ${rule}, got ${value}.`);
  }
}

/** Throws unless `value` is a tensor of the given shape; -1 stands for any size of at least 1. */
export function checkTensor(
  where: string,
  parameter: string,
  value: unknown,
  shape: readonly number[],
): void {
  if (!(value instanceof Tensor)) {
    throw new TypeError(`losses-mixup.${where}: ${parameter} must be a tensor, got ${show(value)}.`);
  }
  const isFit =
    value.shape.length === shape.length &&
    shape.every((n, i) => (n === -1 ? (value.shape[i] as number) >= 1 : n === value.shape[i]));
  if (!isFit) {
    const wanted = show(shape.map((n) => (n === -1 ? '1 or more' : n)));
    throw new RangeError(
      `losses-mixup.${where}: ${parameter} must have shape ${wanted}, got ${show(value.shape)}.`,
    );
  }
}

/** Not instanceof: an array of another realm (a worker's message, a test runner's) is as good. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return Object.prototype.toString.call(value) === '[object Float32Array]';
}

export function checkRandom(where: string, random: unknown): void {
  if (typeof random !== 'function') {
    throw new TypeError(
      `losses-mixup.${where}: random must be a function that returns numbers in [0, 1), got ${show(random)}. ` +
        'Pass a seeded generator.',
    );
  }
}
