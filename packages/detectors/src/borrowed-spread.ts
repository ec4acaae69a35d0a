import { checkNumber, POSITIVE_COUNT } from '@serial-oe/foundation';

/** Whose rows are expected. */
export interface BorrowSpreadOptions {
  /** Mean of the group that borrows, `[nCols]`. */
  mean: Float64Array;
  /**
   * Rows that the mean was taken over, at least 1: a new row lies sqrt(1 + 1 / nRows) times as far from it, since so few leave it
   * uncertain. By default the mean is taken as certain.
   */
  nRows?: number;
}

const WHERE = 'detectors.borrowSpread';

/**
 * How the rows of a group lie about their mean: each less the mean, times sqrt(n / (n - 1)), so that their mean square is the
 * unbiased variance. What another group borrows by {@link borrowSpread}.
 *
 * @param rows of one group, each `[nCols]`
 * @param mean of the rows, `[nCols]`
 * @returns one row for each, or none for fewer than 2, which tell no spread
 * @throws RangeError where a row has not the length of the mean.
 */
export function spreadAboutMean(rows: readonly Float64Array[], mean: Float64Array): Float64Array[] {
  checkLengths('detectors.spreadAboutMean: rows', rows, mean);
  if (rows.length < 2) return [];
  const scale = Math.sqrt(rows.length / (rows.length - 1));
  return rows.map((row) => row.map((value, j) => scale * (value - mean[j]!)));
}

/**
 * The rows that a group of too few is expected to have: its own mean, and the spread of others about it. A detector of a covariance
 * is fitted on them, as if a machine of one clip varied as the machines beside it do.
 *
 * @param spread of the other groups, as {@link spreadAboutMean} gives it
 * @returns as many rows as the spread has, each `[nCols]`
 * @throws RangeError or TypeError where nRows is no count, or the spread has not the length of the mean.
 */
export function borrowSpread(
  spread: readonly Float64Array[],
  { mean, nRows }: BorrowSpreadOptions,
): Float64Array[] {
  checkLengths(`${WHERE}: spread`, spread, mean);
  const scale =
    nRows === undefined ? 1 : Math.sqrt(1 + 1 / checkNumber(`${WHERE}: nRows`, nRows, POSITIVE_COUNT));
  return spread.map((row) => row.map((value, j) => mean[j]! + scale * value));
}

function checkLengths(where: string, rows: readonly Float64Array[], mean: Float64Array): void {
  const other = rows.find((row) => row.length !== mean.length);
  if (other === undefined) return;
  throw new RangeError(`${where} must have ${mean.length} columns as the mean, got ${other.length}.`);
}
