import { type Matrix, type MatrixLike, toMatrix } from '@serial-oe/foundation';

/** Largest magnitude of a value: sums of squares of differences, and their products, stay far within float64. */
export const MAX_MAGNITUDE = 1e60;

/** Squares of smaller values vanish in float64, and with them what tells rows apart. */
const MIN_MAGNITUDE = 1e-150;

/**
 * Rows for a fit: checked, in float64, a copy that the caller cannot change afterwards.
 *
 * @param where `<package>.<function>: <parameter>`.
 * @throws TypeError where they are no matrix; RangeError for fewer than `leastRows` rows, no columns, rows of unequal
 *   lengths, data of another length than nRows x nCols, and NaN, infinite or larger values than 1e60, or where all
 *   values are 0 or below 1e-150 in magnitude, and not all the same.
 */
export function trainingMatrix(where: string, x: MatrixLike, leastRows = 1): Readonly<Matrix> {
  const { data, nRows, nCols } = toMatrix(where, x, { maxMagnitude: MAX_MAGNITUDE });
  if (nRows < leastRows) {
    throw new RangeError(`${where} must have at least ${leastRows} rows, got ${nRows}. Fit on more data.`);
  }
  checkNotTiny(where, data);
  return { data: data.slice(), nRows, nCols };
}

function checkNotTiny(where: string, data: Float64Array): void {
  const [first] = data;
  if (data.some((value) => Math.abs(value) >= MIN_MAGNITUDE) || data.every((value) => value === first))
    return;
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  throw new RangeError(
    `${where} must hold values of at least ${MIN_MAGNITUDE} in magnitude, got ${largest} at most: their squares vanish in ` +
      'float64. Scale the data.',
  );
}

/**
 * X for scores: checked, in float64.
 *
 * @throws as {@link trainingMatrix}, and RangeError for another number of columns than that of the fit.
 */
export function queryMatrix(where: string, x: MatrixLike, nCols: number): Readonly<Matrix> {
  const matrix = toMatrix(`${where}: X`, x, { maxMagnitude: MAX_MAGNITUDE });
  if (matrix.nCols !== nCols) {
    throw new RangeError(
      `${where}: X must have ${nCols} columns as the data of the fit, got ${matrix.nCols}.`,
    );
  }
  return matrix;
}
