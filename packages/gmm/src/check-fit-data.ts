import type { Matrix } from '@serial-oe/foundation';
import { DegenerateDataError } from './errors';

const WHERE = 'gmm.GaussianMixture.fit: X';

/**
 * Refuses data that admit no proper mixture.
 *
 * @throws DegenerateDataError for fewer rows than components, fewer distinct rows than components and, unless they
 *   are allowed, constant columns (of which identical rows are a case).
 */
export function checkFitData(x: Matrix, nComponents: number, allowConstantColumns: boolean): void {
  if (x.nRows < nComponents) {
    throw new DegenerateDataError(
      'tooFewRows',
      `${WHERE} must have at least nComponents rows, got ${x.nRows} for ${nComponents} components. ` +
        'Use fewer components or more data.',
    );
  }
  if (!allowConstantColumns) checkColumnsVary(x);
  const nDistinct = countDistinctRows(x, nComponents);
  if (nDistinct < nComponents) {
    throw new DegenerateDataError(
      'tooFewDistinctRows',
      `${WHERE} must have at least nComponents distinct rows, got ${nDistinct} (of ${x.nRows} rows) for ` +
        `${nComponents} components. Use fewer components or more data.`,
    );
  }
}

function checkColumnsVary(x: Matrix): void {
  const constant = constantColumns(x);
  if (constant.length === 0) return;
  const first = constant[0]!;
  const got =
    constant.length === x.nCols
      ? `${x.nRows} identical row${x.nRows === 1 ? '' : 's'}`
      : `${constant.length} constant, the first column ${first} with ${x.data[first]} throughout`;
  throw new DegenerateDataError(
    'constantColumn',
    `${WHERE} must have columns that vary, got ${got}. Remove such columns, or set allowConstantColumns to give ` +
      'them the variance regCovar.',
  );
}

/** Indices of the columns that hold one value only. */
function constantColumns({ data, nCols }: Matrix): number[] {
  let candidates = Array.from({ length: nCols }, (_, j) => j);
  for (let i = nCols; i < data.length && candidates.length > 0; i += nCols) {
    const varies = candidates.some((j) => data[i + j] !== data[j]);
    if (varies) candidates = candidates.filter((j) => data[i + j] === data[j]);
  }
  return candidates;
}

/** Number of distinct rows, counted up to a limit. */
function countDistinctRows(x: Matrix, limit: number): number {
  const distinct: number[] = [];
  for (let i = 0; i < x.nRows && distinct.length < limit; i++) {
    const isKnown = distinct.some((other) => areEqualRows(x, i, other));
    if (!isKnown) distinct.push(i);
  }
  return distinct.length;
}

function areEqualRows({ data, nCols }: Matrix, a: number, b: number): boolean {
  for (let j = 0; j < nCols; j++) if (data[a * nCols + j] !== data[b * nCols + j]) return false;
  return true;
}
