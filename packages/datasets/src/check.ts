/** Throws a RangeError unless `value` is a whole number >= `minimum`. */
export function checkCount(where: string, name: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw new RangeError(`datasets.${where}: ${name} must be a whole number >= ${minimum}, got ${value}.`);
  }
}

/** Throws a RangeError unless `value` is a finite number within [minimum, maximum]. */
export function checkRange(
  where: string,
  name: string,
  value: number,
  [minimum, maximum]: readonly [number, number],
): void {
  if (!(Number.isFinite(value) && value >= minimum && value <= maximum)) {
    throw new RangeError(
      `datasets.${where}: ${name} must be a number from ${minimum} to ${maximum}, got ${value}.`,
    );
  }
}

/** Throws a TypeError unless `random` is a function. */
export function checkRandom(where: string, random: unknown): void {
  if (typeof random !== 'function') {
    throw new TypeError(
      `datasets.${where}: random must be a function that returns numbers in [0, 1), got ${typeof random}. ` +
        'Pass seededRandom(seed).',
    );
  }
}
