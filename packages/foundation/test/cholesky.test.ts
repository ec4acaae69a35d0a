import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  cholesky,
  covarianceOfPrecisionFactor,
  inverseTransposed,
  normalValues,
  seededRandom,
  upperCholesky,
} from '../src/index';

const TIGHT = { rtol: 1e-9, atol: 1e-11 };

/** Upper triangular, diagonal near 1.5. */
function upperMatrix(n: number): Float64Array {
  return Float64Array.from(normalValues(n * n, 1, seededRandom(n)), (value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 1.5 + 0.1 * value : i < j ? 0.2 * value : 0;
  });
}

/** A B^T, by definition. */
function timesTransposed(a: Float64Array, b: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return Array.from({ length: n }, (_, k) => a[i * n + k]! * b[j * n + k]!).reduce((sum, x) => sum + x, 0);
  });
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

describe.each([1, 2, 3, 8, 40])('triangular factors of size %i', (n) => {
  const factor = upperMatrix(n);
  const matrix = timesTransposed(factor, factor, n);
  const floors = new Float64Array(n);

  it('L L^T = A, and P P^T = A^-1', () => {
    const lower = cholesky(matrix, floors) as Float64Array;
    expectAllClose(timesTransposed(lower, lower, n), matrix, TIGHT);
    expect(lower.every((value, at) => at % n <= Math.floor(at / n) || value === 0)).toBe(true);
    const inverse = inverseTransposed(lower, n);
    expectAllClose(timesTransposed(lower, inverse, n), identity(n), TIGHT);
  });

  it('the upper factor gives A, and the covariance of a precision factor is the inverse', () => {
    const upper = upperCholesky(matrix, n) as Float64Array;
    expectAllClose(upper, factor, TIGHT);
    const covariance = covarianceOfPrecisionFactor(upper, n);
    expectAllClose(timesTransposed(matrix, covariance, n), identity(n), TIGHT);
  });

  it('a matrix is read from its offset on, and left as it was', () => {
    const stacked = Float64Array.of(7, 8, 9, ...matrix);
    expect(cholesky(stacked, floors, 3)).toEqual(cholesky(matrix, floors));
    expect(upperCholesky(stacked, n, 3)).toEqual(upperCholesky(matrix, n));
    expect(stacked).toEqual(Float64Array.of(7, 8, 9, ...matrix));
  });
});

it('the Cholesky factor stops at the first pivot that does not exceed its floor', () => {
  const singular = Float64Array.from([1, 1, 0, 1, 1, 0, 0, 0, 2]);
  expect(cholesky(singular, new Float64Array(3))).toBe(1);
  expect(cholesky(Float64Array.of(4), Float64Array.of(4))).toBe(0);
  expect(cholesky(Float64Array.of(NaN), Float64Array.of(0))).toBe(0);
  expect(upperCholesky(singular, 3)).toBe(0);
});
