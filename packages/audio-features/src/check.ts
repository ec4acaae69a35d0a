/** The checks of the public edge; `where` opens each message, `audio-features.<function>: <parameter>`. */

/**
 * Checks that a value is a Float32Array with at least one sample, all of them finite.
 *
 * @throws TypeError for another kind; RangeError for an empty array, NaN or an infinite sample.
 */
export function checkWaveform(where: string, waveform: unknown): asserts waveform is Float32Array {
  checkFloat32Array(where, waveform);
  if (waveform.length === 0) {
    throw new RangeError(`${where} must hold at least one sample, got an empty array.`);
  }
  if (!isAllFinite(waveform)) {
    const index = waveform.findIndex((sample) => !Number.isFinite(sample));
    throw new RangeError(
      `${where} must hold finite samples, got ${waveform[index]} at index ${index}. Leave the clip out or repair it.`,
    );
  }
}

/** Checks the kind alone. The tag, unlike instanceof, also knows the arrays of another realm. */
export function checkFloat32Array(where: string, value: unknown): asserts value is Float32Array {
  if (Object.prototype.toString.call(value) !== '[object Float32Array]') {
    throw new TypeError(
      `${where} must be a Float32Array, got ${kindOf(value)}. Float32Array.from(samples) makes one.`,
    );
  }
}

/** Checks an integer in [min, max]. */
export function checkInteger(
  where: string,
  value: unknown,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `between ${min} and ${max}`;
    throw errorFor(value)(`${where} must be a whole number ${range}, got ${String(value)}.`);
  }
}

/** Checks a finite number above `min` (or equal to it where `isMinAllowed`). */
export function checkNumber(where: string, value: unknown, min: number, isMinAllowed = false): void {
  const isInRange =
    Number.isFinite(value) && ((value as number) > min || (isMinAllowed && (value as number) === min));
  if (!isInRange) {
    const rule = min === -Infinity ? '' : isMinAllowed ? ` of at least ${min}` : ` above ${min}`;
    throw errorFor(value)(`${where} must be a finite number${rule}, got ${String(value)}.`);
  }
}

/** Checks that a value is one of a list of names. */
export function checkOneOf(where: string, value: unknown, names: readonly unknown[]): void {
  if (!names.includes(value)) {
    throw new RangeError(
      `${where} must be one of ${names.map((name) => JSON.stringify(name)).join(', ')}, got ${describe(value)}.`,
    );
  }
}

/** False where a NaN or an infinity is among the values: both times 0 are NaN. */
export function isAllFinite(values: ArrayLike<number>): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
  return zero === 0;
}

/** What a value is, for messages: the name of its class or its type. */
export function kindOf(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function errorFor(value: unknown): (message: string) => Error {
  return typeof value === 'number'
    ? (message) => new RangeError(message)
    : (message) => new TypeError(message);
}
