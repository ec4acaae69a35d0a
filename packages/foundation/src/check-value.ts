/**
 * The checks of the public edge, with one wording: `<package>.<function>: <parameter> must <rule>, got <value>.`
 * `where` is what stands before "must". Each returns the value, so that a check can stand where the value is taken.
 */

import { show } from './show';

/** What a number must do, as a test and in words. */
export interface NumberRule {
  readonly isValid: (value: number) => boolean;
  /** Follows "must". */
  readonly rule: string;
  /** A sentence that says what to do instead. */
  readonly remedy?: string;
}

/** A whole number within [min, max]. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): NumberRule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return {
    isValid: (x) => Number.isSafeInteger(x) && x >= min && x <= max,
    rule: `be a whole number ${range}`,
  };
}

/** A finite number above `min`. */
export function numberAbove(min: number): NumberRule {
  return { isValid: (x) => x > min && x < Infinity, rule: `be a finite number above ${min}` };
}

/** A finite number of at least `min`. */
export function numberFrom(min: number): NumberRule {
  return { isValid: (x) => x >= min && x < Infinity, rule: `be a finite number of at least ${min}` };
}

/** A number within [min, max]. */
export function numberWithin(min: number, max: number): NumberRule {
  return { isValid: (x) => x >= min && x <= max, rule: `be a number from ${min} to ${max}` };
}

export const FINITE: NumberRule = { isValid: Number.isFinite, rule: 'be a finite number' };
export const ABOVE_ZERO = numberAbove(0);
export const AT_LEAST_ZERO = numberFrom(0);
/** [0, 1] */
export const FRACTION = numberWithin(0, 1);
/** [0, 1): a rate of decay or of dropout, which 1 would leave nothing of. */
export const RATE: NumberRule = { isValid: (x) => x >= 0 && x < 1, rule: 'be a number in [0, 1)' };
/** 0, 1, 2, ... */
export const COUNT = wholeNumber(0);
/** 1, 2, 3, ... */
export const POSITIVE_COUNT = wholeNumber(1);

/** @throws TypeError where the value is no number, RangeError where it breaks the rule; NaN breaks every rule. */
export function checkNumber(where: string, value: unknown, { isValid, rule, remedy }: NumberRule): number {
  if (typeof value === 'number' && isValid(value)) return value;
  const message = sentence(`${where} must ${rule}`, value, remedy);
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message);
}

/** More threads or processes than any machine of one user has cores; a slip of some zeros would exhaust its memory. */
const MOST_THREADS = 1024;

/**
 * A number of threads or processes.
 * @param least 0 where none is a choice, default 1
 */
export function checkThreadCount(where: string, value: unknown, least: 0 | 1 = 1): number {
  const count = checkNumber(where, value, wholeNumber(least));
  return checkNumber(where, count, wholeNumber(least, MOST_THREADS));
}

/** @throws RangeError where the value is none of the choices. */
export function checkOneOf<T extends string | number | null>(
  where: string,
  value: unknown,
  choices: readonly T[],
): T {
  if (choices.includes(value as T)) return value as T;
  throw new RangeError(sentence(`${where} must be one of ${choices.map(show).join(', ')}`, value));
}

interface Kinds {
  boolean: boolean;
  function: (...args: never[]) => unknown;
  object: object;
  string: string;
}

/** @throws TypeError where the value is of another kind; null and arrays are no objects here. */
export function checkKind<Kind extends keyof Kinds>(where: string, value: unknown, kind: Kind): Kinds[Kind] {
  const isNoObject = kind === 'object' && (value === null || Array.isArray(value));
  if (typeof value === kind && !isNoObject) return value as Kinds[Kind];
  throw new TypeError(sentence(`${where} must be ${kind === 'object' ? 'an' : 'a'} ${kind}`, value));
}

/** @throws TypeError where the value is no function; what it returns is checked at each draw. */
export function checkRandom(where: string, value: unknown): () => number {
  if (typeof value === 'function') return value as () => number;
  const rule = `${where} must be a function that returns numbers in [0, 1)`;
  throw new TypeError(sentence(rule, value, 'Pass seededRandom(seed).'));
}

function sentence(start: string, value: unknown, remedy?: string): string {
  return `${start}, got ${show(value)}.${remedy === undefined ? '' : ` ${remedy}`}`;
}
