/** Rows of points: a flat row-major array with its shape, or an array of rows. */
export type Matrix =
  | { data: Float32Array | Float64Array; nRows: number; nCols: number }
  | readonly (readonly number[])[];

/** Opens every message: which function and which parameter. */
export function checkFinite(where: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${where} must be a number, got ${describe(value)}.`);
  if (!Number.isFinite(value)) {
    throw new RangeError(`${where} must be finite, got ${value}. Leave the value out or find its cause.`);
  }
  return value;
}

/** Checks a list of finite numbers with at least `minLength` entries and returns it as an ordinary array. */
export function checkFiniteList(where: string, values: ArrayLike<number>, minLength = 1): number[] {
  if (typeof values !== 'object' || values === null || !Number.isInteger(values.length)) {
    throw new TypeError(`${where} must be an array of numbers, got ${describe(values)}.`);
  }
  if (values.length < minLength) {
    throw new RangeError(`${where} must hold at least ${minLength} values, got ${values.length}.`);
  }
  return Array.from(values, (value, i) => checkFinite(`${where}[${i}]`, value));
}

/** Checks a list of finite numbers, null where one is missing: so many, or at least one. */
export function checkSparseList(
  where: string,
  values: ArrayLike<number | null>,
  length?: number,
): (number | null)[] {
  if (typeof values !== 'object' || values === null || !Number.isInteger(values.length)) {
    throw new TypeError(`${where} must be an array of numbers and nulls, got ${describe(values)}.`);
  }
  if (length === undefined ? values.length === 0 : values.length !== length) {
    throw new RangeError(
      `${where} must hold ${length ?? 'at least 1'} values, got ${values.length}. Use null for a missing one.`,
    );
  }
  return Array.from(values, (value, i) => (value === null ? null : checkFinite(`${where}[${i}]`, value)));
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

export function checkPositiveInteger(where: string, value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 1) {
    throw new RangeError(`${where} must be a positive integer, got ${describe(value)}.`);
  }
  return value as number;
}

export function checkOneOf<T extends string | number>(
  where: string,
  value: unknown,
  allowed: readonly T[],
): T {
  if (!allowed.includes(value as T)) {
    const names = allowed.map((name) => (typeof name === 'string' ? `'${name}'` : name)).join(', ');
    throw new RangeError(`${where} must be one of ${names}, got ${describe(value)}.`);
  }
  return value as T;
}

export function checkText(where: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${where} must be a string, got ${describe(value)}.`);
  if (value.trim() === '') throw new RangeError(`${where} must not be empty, got ${JSON.stringify(value)}.`);
  return value;
}

/** Checks that a value is an object with fields to read. */
export function checkObject(where: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${where} must be an object, got ${describe(value)}.`);
  }
}

export function checkNonEmptyArray(where: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${where} must be an array, got ${describe(value)}.`);
  if (value.length === 0) throw new RangeError(`${where} must hold at least one entry, got none.`);
}

/** Flattens a matrix to float64, checking its shape and that every entry is finite. */
export function checkMatrix(
  where: string,
  matrix: Matrix,
): { data: Float64Array; nRows: number; nCols: number } {
  if (typeof matrix !== 'object' || matrix === null) {
    throw new TypeError(`${where} must be rows or { data, nRows, nCols }, got ${describe(matrix)}.`);
  }
  if ('data' in matrix) {
    const nRows = checkPositiveInteger(`${where}.nRows`, matrix.nRows);
    const nCols = checkPositiveInteger(`${where}.nCols`, matrix.nCols);
    if (matrix.data.length !== nRows * nCols) {
      throw new RangeError(
        `${where}.data must hold nRows x nCols = ${nRows * nCols} values, got ${matrix.data.length}.`,
      );
    }
    return { data: Float64Array.from(checkFiniteList(`${where}.data`, matrix.data)), nRows, nCols };
  }
  checkNonEmptyArray(where, matrix);
  const nCols = checkPositiveInteger(`${where}[0].length`, matrix[0]?.length);
  const data = new Float64Array(matrix.length * nCols);
  matrix.forEach((row, i) => {
    if (row.length !== nCols) {
      throw new RangeError(`${where}[${i}] must have ${nCols} columns as the first row, got ${row.length}.`);
    }
    data.set(checkFiniteList(`${where}[${i}]`, row), i * nCols);
  });
  return { data, nRows: matrix.length, nCols };
}

/** A value in the words of a message. */
export function describe(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function') return value === null ? 'null' : typeof value;
  return JSON.stringify(value) ?? String(value);
}
