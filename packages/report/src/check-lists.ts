import { checkNumber, FINITE, show } from '@serial-oe/foundation';

/** Each `where` opens the message: `<package>.<function>: <parameter>`. */

/** Checks a list of finite numbers with at least `minLength` entries and returns it as an ordinary array. */
export function checkFiniteList(where: string, values: ArrayLike<number>, minLength = 1): number[] {
  checkList(where, values, 'numbers');
  if (values.length < minLength) {
    throw new RangeError(`${where} must hold at least ${minLength} values, got ${values.length}.`);
  }
  return Array.from(values, (value, i) => checkEntry(where, value, i));
}

/** Checks a list of finite numbers, null where one is missing: so many, or at least one. */
export function checkSparseList(
  where: string,
  values: ArrayLike<number | null>,
  length?: number,
): (number | null)[] {
  checkList(where, values, 'numbers and nulls');
  if (length === undefined ? values.length === 0 : values.length !== length) {
    throw new RangeError(
      `${where} must hold ${length ?? 'at least 1'} values, got ${values.length}. Use null for a missing one.`,
    );
  }
  return Array.from(values, (value, i) => (value === null ? null : checkEntry(where, value, i)));
}

/** Checks that no error bar has a length below 0. */
export function checkErrors(where: string, errors: readonly (number | null)[]): void {
  const bad = errors.findIndex((error) => error !== null && error < 0);
  if (bad >= 0) throw new RangeError(`${where}[${bad}] must be at least 0, got ${errors[bad]}.`);
}

/** Checks `[low, high]`. */
export function checkRange(where: string, range: readonly [number, number]): [number, number] {
  const [low, high] = checkFiniteList(where, range, 2);
  if (!(low! < high!)) {
    throw new RangeError(`${where} must be [low, high] with low < high, got [${low}, ${high}].`);
  }
  return [low!, high!];
}

/** Checks an array of anything that is not empty. */
export function checkNonEmptyArray(where: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${where} must be an array, got ${show(value)}.`);
  if (value.length === 0) throw new RangeError(`${where} must hold at least one entry, got none.`);
}

function checkList(where: string, values: ArrayLike<unknown>, kind: string): void {
  if (typeof values !== 'object' || values === null || !Number.isInteger(values.length)) {
    throw new TypeError(`${where} must be an array of ${kind}, got ${show(values)}.`);
  }
}

/** Names the place only where there is something to say: lists are long. */
function checkEntry(where: string, value: unknown, i: number): number {
  return Number.isFinite(value) ? (value as number) : checkNumber(`${where}[${i}]`, value, FINITE);
}
