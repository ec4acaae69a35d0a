import { DegenerateDataError } from './errors';

/** Row-major values, `[nRows, nCols]`. */
export interface FlatMatrix {
  data: Float32Array | Float64Array;
  nRows: number;
  nCols: number;
}

/** Data as an array of rows or flat; rows are samples, columns are features. Never written to. */
export type MatrixLike = readonly (readonly number[])[] | Readonly<FlatMatrix>;

/** Row-major float64 values that a mixture hands out, `[nRows, nCols]`. */
export interface DenseMatrix {
  data: Float64Array;
  nRows: number;
  nCols: number;
}

/** The float64 form that all arithmetic uses. */
export type Matrix = Readonly<DenseMatrix>;

/**
 * Checks X and brings it into float64; flat Float64Array data are not copied.
 *
 * @throws TypeError where X is no matrix; RangeError for no rows, no columns, rows of unequal lengths or data of
 *   another length than nRows x nCols; DegenerateDataError (`nonFinite`) for NaN or infinite values.
 */
export function toMatrix(where: string, x: MatrixLike): Matrix {
  const matrix = isRows(x) ? rowsToMatrix(where, x) : flatToMatrix(where, x);
  const { data, nCols } = matrix;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new DegenerateDataError(
        'nonFinite',
        `${where}: X must hold finite numbers, got ${data[i]} at row ${Math.floor(i / nCols)}, column ` +
          `${i % nCols}. Remove or replace such values.`,
      );
    }
  }
  return matrix;
}

/** Whether X came as an array of rows. */
export function isRows(x: MatrixLike): x is readonly (readonly number[])[] {
  return Array.isArray(x);
}

function rowsToMatrix(where: string, rows: readonly (readonly number[])[]): Matrix {
  const first: unknown = rows[0];
  if (rows.length > 0 && !Array.isArray(first) && !ArrayBuffer.isView(first)) {
    throw new TypeError(
      `${where}: X must be an array of rows or { data, nRows, nCols }, got an array of ${typeof first}. ` +
        'Wrap a single row as [row].',
    );
  }
  const nCols = rows[0]?.length ?? 0;
  checkSize(where, rows.length, nCols);
  const data = new Float64Array(rows.length * nCols);
  rows.forEach((row, i) => {
    if (row?.length !== nCols) {
      throw new RangeError(
        `${where}: X must have rows of one length, got ${nCols} columns in row 0 and ${row?.length} in row ${i}.`,
      );
    }
    for (let j = 0; j < nCols; j++) data[i * nCols + j] = toNumber(where, row[j], i, j);
  });
  return { data, nRows: rows.length, nCols };
}

/** A conversion would turn null into 0 and a numeric text into a number. */
function toNumber(where: string, value: unknown, row: number, column: number): number {
  if (typeof value !== 'number') {
    throw new TypeError(
      `${where}: X must hold numbers, got ${String(value)} at row ${row}, column ${column}.`,
    );
  }
  return value;
}

function flatToMatrix(where: string, x: Readonly<FlatMatrix>): Matrix {
  const data: unknown = x?.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new TypeError(
      `${where}: X must be an array of rows or { data, nRows, nCols } with data a Float32Array or Float64Array, ` +
        `got ${x === null ? 'null' : typeof x}.`,
    );
  }
  const { nRows, nCols } = x;
  checkSize(where, nRows, nCols);
  if (data.length !== nRows * nCols) {
    throw new RangeError(
      `${where}: X.data must hold nRows * nCols values, got ${data.length} for ${nRows} x ${nCols}.`,
    );
  }
  return { data: data instanceof Float64Array ? data : Float64Array.from(data), nRows, nCols };
}

function checkSize(where: string, nRows: number, nCols: number): void {
  for (const [name, count] of Object.entries({ rows: nRows, columns: nCols })) {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`${where}: X must have at least one row and one column, got ${count} ${name}.`);
    }
  }
}
