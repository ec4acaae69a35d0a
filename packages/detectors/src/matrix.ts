/** Row-major values, `[nRows, nCols]`. */
export interface FlatMatrix {
  data: Float32Array | Float64Array;
  nRows: number;
  nCols: number;
}

/** Data as an array of rows or flat; rows are samples, columns are features. Never written to. */
export type MatrixLike = readonly (readonly number[])[] | Readonly<FlatMatrix>;

/** The float64 form that all arithmetic uses. */
export interface Matrix {
  readonly data: Float64Array;
  readonly nRows: number;
  readonly nCols: number;
}

/** Largest magnitude of a value: sums of squares of differences, and their products, stay far within float64. */
export const MAX_MAGNITUDE = 1e60;

/**
 * X for a fit: checked, in float64, a copy that the caller cannot change afterwards.
 *
 * @throws TypeError where X is no matrix; RangeError for fewer than `leastRows` rows, no columns, rows of unequal
 *   lengths, data of another length than nRows x nCols, and NaN, infinite or larger values than 1e60.
 */
export function trainingMatrix(where: string, x: MatrixLike, leastRows = 1): Matrix {
  const { data, nRows, nCols } = toMatrix(where, x);
  if (nRows < leastRows) {
    throw new RangeError(`${where}: X must have at least ${leastRows} rows, got ${nRows}. Fit on more data.`);
  }
  return { data: data.slice(), nRows, nCols };
}

/**
 * X for scores: checked, in float64.
 *
 * @throws as {@link trainingMatrix}, and RangeError for another number of columns than that of the fit.
 */
export function queryMatrix(where: string, x: MatrixLike, nCols: number): Matrix {
  const matrix = toMatrix(where, x);
  if (matrix.nCols !== nCols) {
    throw new RangeError(
      `${where}: X must have ${nCols} columns as the data of the fit, got ${matrix.nCols}.`,
    );
  }
  return matrix;
}

function toMatrix(where: string, x: MatrixLike): Matrix {
  const matrix = Array.isArray(x) ? rowsToMatrix(where, x) : flatToMatrix(where, x as FlatMatrix);
  const { data, nCols } = matrix;
  for (let i = 0; i < data.length; i++) {
    if (!(Math.abs(data[i]!) <= MAX_MAGNITUDE)) {
      throw new RangeError(
        `${where}: X must hold finite numbers of at most ${MAX_MAGNITUDE} in magnitude, got ${data[i]} at row ` +
          `${Math.floor(i / nCols)}, column ${i % nCols}. Remove or replace such values.`,
      );
    }
  }
  return matrix;
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
  if (typeof value === 'number') return value;
  throw new TypeError(`${where}: X must hold numbers, got ${String(value)} at row ${row}, column ${column}.`);
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
