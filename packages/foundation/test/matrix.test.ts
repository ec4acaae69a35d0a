import { runInNewContext } from 'node:vm';
import { isRows, type MatrixLike, toMatrix } from '../src/index';

const WHERE = 'gmm.fit: X';
const convert = (matrix: unknown) => toMatrix(WHERE, matrix as MatrixLike);

describe('toMatrix', () => {
  const expected = { data: Float64Array.of(1, 2, 3, 4, 5, 6), nRows: 2, nCols: 3 };

  it.each([
    {
      title: 'rows',
      matrix: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
    { title: 'rows of Float32Array', matrix: [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)] },
    { title: 'rows of Float64Array', matrix: [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)] },
    { title: 'flat float32', matrix: { data: Float32Array.of(1, 2, 3, 4, 5, 6), nRows: 2, nCols: 3 } },
    { title: 'flat float64', matrix: { data: Float64Array.of(1, 2, 3, 4, 5, 6), nRows: 2, nCols: 3 } },
  ] satisfies { title: string; matrix: MatrixLike }[])('takes $title', ({ matrix }) => {
    expect(toMatrix(WHERE, matrix)).toEqual(expected);
  });

  it('copies no Float64Array', () => {
    const data = new Float64Array(4);
    expect(convert({ data, nRows: 2, nCols: 2 }).data).toBe(data);
  });

  it('takes arrays of another realm', () => {
    const { rows, data } = runInNewContext('({ rows: [[1, 2], [3, 4]], data: Float32Array.of(1, 2, 3, 4) })');
    expect(convert(rows).data).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(convert({ data, nRows: 2, nCols: 2 }).data).toEqual(Float64Array.of(1, 2, 3, 4));
  });

  it.each([
    { matrix: null, error: TypeError, message: 'must be an array of rows or { data, nRows, nCols } with' },
    { matrix: {}, error: TypeError, message: 'got an object.' },
    { matrix: { data: [1], nRows: 1, nCols: 1 }, error: TypeError, message: 'data a Float32Array' },
    { matrix: [1, 2], error: TypeError, message: 'got an array of number. Wrap a single row as [row].' },
    { matrix: [[1, null]], error: TypeError, message: 'must hold numbers, got null at row 0, column 1.' },
    { matrix: [[1], ['2']], error: TypeError, message: "must hold numbers, got '2' at row 1, column 0." },
    { matrix: [], error: RangeError, message: 'must have at least one row and one column, got 0 rows.' },
    { matrix: [[]], error: RangeError, message: 'got 0 columns.' },
    { matrix: [[1], [1, 2]], error: RangeError, message: 'got 1 columns in row 0 and 2 in row 1.' },
    {
      matrix: { data: new Float32Array(3), nRows: 2, nCols: 2 },
      error: RangeError,
      message: `${WHERE}.data must hold nRows * nCols values, got 3 for 2 x 2.`,
    },
    { matrix: { data: new Float32Array(0), nRows: 0, nCols: 2 }, error: RangeError, message: 'got 0 rows.' },
    {
      matrix: { data: new Float32Array(2), nRows: 1.5, nCols: 2 },
      error: RangeError,
      message: 'got 1.5 rows.',
    },
  ])('refuses $matrix', ({ matrix, error, message }) => {
    expect(() => convert(matrix)).toThrow(error);
    expect(() => convert(matrix)).toThrow(message);
    expect(() => convert(matrix)).toThrow(WHERE);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %p and names its place', (value) => {
    const message = `${WHERE} must hold finite numbers, got ${value} at row 1, column 0. Remove or replace such values.`;
    expect(() =>
      convert([
        [1, 2],
        [value, 3],
      ]),
    ).toThrow(new RangeError(message));
    class OwnError extends Error {}
    const toValueError = (text: string) => new OwnError(text);
    expect(() =>
      toMatrix(
        WHERE,
        [
          [1, 2],
          [value, 3],
        ],
        { toValueError },
      ),
    ).toThrow(new OwnError(message));
  });

  it('holds values to a magnitude where one is given', () => {
    expect(toMatrix(WHERE, [[10, -10]], { maxMagnitude: 10 }).nCols).toBe(2);
    expect(() => toMatrix(WHERE, [[0, -10.5]], { maxMagnitude: 10 })).toThrow(
      'must hold finite numbers of at most 10 in magnitude, got -10.5 at row 0, column 1.',
    );
  });
});

it('isRows tells rows from flat data', () => {
  expect(isRows([[1]])).toBe(true);
  expect(isRows({ data: new Float64Array(1), nRows: 1, nCols: 1 })).toBe(false);
});
