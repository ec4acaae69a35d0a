import { checkOptions, type OptionNames } from './check-options';
import { type FloatArray, isFloat32Array, isFloat64Array } from './float-arrays';
import { show } from './show';

/** Row-major values, `[nRows, nCols]`; rows are samples, columns are features. */
export interface Matrix<Data extends FloatArray = Float64Array> {
  data: Data;
  nRows: number;
  nCols: number;
}

/** A matrix as callers have it: rows, or flat and row-major. Never written to. */
export type MatrixLike = readonly ArrayLike<number>[] | Readonly<Matrix<FloatArray>>;

export interface MatrixRules {
  /** Largest magnitude of a value. Default: that of float64, which NaN and the infinities exceed. */
  maxMagnitude?: number;
  /** Makes the error for a value beyond `maxMagnitude`. Default: a RangeError. */
  toValueError?: (message: string) => Error;
}

const RULES: OptionNames<MatrixRules> = { maxMagnitude: true, toValueError: true };

/**
 * Checks a matrix and brings it into float64; a Float64Array is not copied.
 *
 * @param where `<package>.<function>: <parameter>`.
 * @throws TypeError where it is no matrix; RangeError for no rows, no columns, rows of unequal lengths and data of
 *   another length than nRows x nCols; `toValueError`'s for NaN, infinite and too large values.
 */
export function toMatrix(where: string, matrix: MatrixLike, rules: MatrixRules = {}): Readonly<Matrix> {
  checkOptions('foundation.toMatrix', rules, RULES);
  const { maxMagnitude = Number.MAX_VALUE, toValueError = (message) => new RangeError(message) } = rules;
  const converted = isRows(matrix) ? rowsToMatrix(where, matrix) : flatToMatrix(where, matrix);
  const { data, nCols } = converted;
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]!) <= maxMagnitude) continue; // NaN is not
    const bound = maxMagnitude < Number.MAX_VALUE ? ` of at most ${maxMagnitude} in magnitude` : '';
    throw toValueError(
      `${where} must hold finite numbers${bound}, got ${data[i]} at row ${Math.floor(i / nCols)}, column ` +
        `${i % nCols}. Remove or replace such values.`,
    );
  }
  return converted;
}

/** Whether a matrix came as an array of rows. */
export function isRows(matrix: MatrixLike): matrix is readonly ArrayLike<number>[] {
  return Array.isArray(matrix);
}

function rowsToMatrix(where: string, rows: readonly ArrayLike<number>[]): Matrix {
  const first: unknown = rows[0];
  if (rows.length > 0 && !Array.isArray(first) && !ArrayBuffer.isView(first)) {
    throw new TypeError(
      `${where} must be an array of rows or { data, nRows, nCols }, got an array of ${typeof first}. ` +
        'Wrap a single row as [row].',
    );
  }
  const nCols = rows[0]?.length ?? 0;
  checkSize(where, rows.length, nCols);
  const data = new Float64Array(rows.length * nCols);
  for (const [i, row] of rows.entries()) {
    if (row?.length !== nCols) {
      throw new RangeError(
        `${where} must have rows of one length, got ${nCols} columns in row 0 and ${row?.length} in row ${i}.`,
      );
    }
    for (let j = 0; j < nCols; j++) {
      const value: unknown = row[j];
      // A conversion would turn null into 0 and a numeric text into a number.
      if (typeof value !== 'number') {
        throw new TypeError(`${where} must hold numbers, got ${show(value)} at row ${i}, column ${j}.`);
      }
      data[i * nCols + j] = value;
    }
  }
  return { data, nRows: rows.length, nCols };
}

function flatToMatrix(where: string, matrix: Readonly<Matrix<FloatArray>>): Matrix {
  const data: unknown = matrix?.data;
  if (!isFloat32Array(data) && !isFloat64Array(data)) {
    throw new TypeError(
      `${where} must be an array of rows or { data, nRows, nCols } with data a Float32Array or Float64Array, ` +
        `got ${show(matrix)}.`,
    );
  }
  const { nRows, nCols } = matrix;
  checkSize(where, nRows, nCols);
  if (data.length !== nRows * nCols) {
    throw new RangeError(
      `${where}.data must hold nRows * nCols values, got ${data.length} for ${nRows} x ${nCols}.`,
    );
  }
  return { data: isFloat64Array(data) ? data : Float64Array.from(data), nRows, nCols };
}

function checkSize(where: string, nRows: number, nCols: number): void {
  for (const [name, count] of Object.entries({ rows: nRows, columns: nCols })) {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`${where} must have at least one row and one column, got ${count} ${name}.`);
    }
  }
}
