/** How a wrong value is shown in an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor?.name ?? 'object'}`
    : String(value);
}

/** Throws unless `value` is a finite number within the rule; `where` is `Class.parameter` or `Class.method: parameter`. */
export function checkNumber(
  where: string,
  value: unknown,
  { isValid, rule }: { isValid: (value: number) => boolean; rule: string },
): number {
  const [owner, parameter] = where.split(': ');
  if (typeof value !== 'number') {
    throw new TypeError(`optimizers.${owner}: ${parameter} must be a number, got ${show(value)}.`);
  }
  if (!Number.isFinite(value) || !isValid(value)) {
    throw new RangeError(`optimizers.${owner}: ${parameter} must ${rule}, got ${value}.`);
  }
  return value;
}

export const AT_LEAST_ZERO = { isValid: (x: number) => x >= 0, rule: 'be finite and at least 0' };
export const ABOVE_ZERO = { isValid: (x: number) => x > 0, rule: 'be finite and above 0' };
export const DECAY_RATE = { isValid: (x: number) => x >= 0 && x < 1, rule: 'lie in [0, 1)' };
export const FRACTION = { isValid: (x: number) => x >= 0 && x <= 1, rule: 'lie in [0, 1]' };
export const COUNT = {
  isValid: (x: number) => Number.isSafeInteger(x) && x >= 0,
  rule: 'be a whole number, 0 or more',
};
export const POSITIVE_COUNT = {
  isValid: (x: number) => Number.isSafeInteger(x) && x >= 1,
  rule: 'be a whole number, 1 or more',
};
