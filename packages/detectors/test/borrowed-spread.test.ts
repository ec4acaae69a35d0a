import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { borrowSpread, spreadAboutMean } from '../src/index';

const N_COLS = 4;
const rowsOf = (name: string, nRows: number) =>
  Array.from({ length: nRows }, (_, i) => Float64Array.from(formulaValues(`${name} ${i}`, N_COLS)));
const meanOf = (rows: readonly Float64Array[]) =>
  rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]! / rows.length, 0));
const squares = (rows: readonly Float64Array[]) => meanOf(rows.map((row) => row.map((value) => value ** 2)));

describe('spreadAboutMean', () => {
  const rows = rowsOf('lender', 7);
  const mean = meanOf(rows);

  it('has the unbiased variance as its mean square, and the mean 0', () => {
    const spread = spreadAboutMean(rows, mean);
    const variance = mean.map(
      (value, j) => rows.reduce((sum, row) => sum + (row[j]! - value) ** 2, 0) / (rows.length - 1),
    );
    expectAllClose(squares(spread), variance, { rtol: 1e-12, atol: 0 });
    expectAllClose(meanOf(spread), [0, 0, 0, 0], { rtol: 0, atol: 1e-15 });
  });

  it('tells nothing by a single row, or none', () => {
    expect(spreadAboutMean(rows.slice(0, 1), rows[0]!)).toEqual([]);
    expect(spreadAboutMean([], mean)).toEqual([]);
  });

  it('refuses rows of another length', () => {
    expect(() => spreadAboutMean([new Float64Array(3)], mean)).toThrow(
      new RangeError('detectors.spreadAboutMean: rows must have 4 columns as the mean, got 3.'),
    );
  });
});

describe('borrowSpread', () => {
  const lender = rowsOf('lender', 7);
  const spread = spreadAboutMean(lender, meanOf(lender));
  const mean = rowsOf('borrower', 1)[0]!;

  it('lays the spread of others about the mean', () => {
    const rows = borrowSpread(spread, { mean });
    expectAllClose(meanOf(rows), mean, { rtol: 0, atol: 1e-15 });
    expectAllClose(
      squares(spreadAboutMean(rows, mean)),
      squares(spread).map((x) => (x * 7) / 6),
      {
        rtol: 1e-12,
        atol: 0,
      },
    );
  });

  it.each([1, 2, 9])('widens it by how uncertain the mean of %i rows is', (nRows) => {
    const [certain, uncertain] = [borrowSpread(spread, { mean }), borrowSpread(spread, { mean, nRows })];
    const away = (rows: readonly Float64Array[]) =>
      squares(rows.map((row) => row.map((x, j) => x - mean[j]!)));
    expectAllClose(
      away(uncertain),
      away(certain).map((square) => square * (1 + 1 / nRows)),
      {
        rtol: 1e-12,
        atol: 0,
      },
    );
  });

  it('has nothing to lend where nobody tells a spread', () => {
    expect(borrowSpread([], { mean, nRows: 1 })).toEqual([]);
  });

  it('refuses a wrong number of rows and a spread of another length', () => {
    expect(() => borrowSpread(spread, { mean, nRows: 0 })).toThrow(
      new RangeError('detectors.borrowSpread: nRows must be a whole number of at least 1, got 0.'),
    );
    expect(() => borrowSpread(spread, { mean: new Float64Array(5) })).toThrow(
      new RangeError('detectors.borrowSpread: spread must have 5 columns as the mean, got 4.'),
    );
  });
});
