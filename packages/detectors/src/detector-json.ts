import {
  checkNumber,
  flatten,
  type Matrix,
  type MatrixLike,
  type NumberRule,
  nest,
} from '@serial-oe/foundation';
import { trainingMatrix } from './training-matrix';

/** `version` of the JSON of every detector here. */
export const JSON_VERSION = 1;

/** The rows of a matrix, for JSON. */
export function rowsOf({ data, nRows, nCols }: Matrix): number[][] {
  return nest(data, [nRows, nCols]) as number[][];
}

/** The rows that a fit has kept, out of JSON. @throws as `fit` does for its X. */
export function readRows(where: string, rows: unknown, leastRows = 1): Readonly<Matrix> {
  return trainingMatrix(`${where}: json.rows`, rows as MatrixLike, leastRows);
}

/**
 * A list of numbers out of JSON.
 *
 * @param where `<package>.<function>: json.<field>`.
 * @throws TypeError or RangeError where it is none, or has another length, or a number breaks the rule.
 */
export function readNumbers(
  where: string,
  values: unknown,
  { length, rule }: { length: number; rule: NumberRule },
): Float64Array {
  const numbers = flatten(where, values, [length]);
  for (const [i, value] of numbers.entries()) checkNumber(`${where}[${i}]`, value, rule);
  return numbers;
}
