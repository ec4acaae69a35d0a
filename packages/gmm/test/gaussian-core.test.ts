import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { cholesky, covarianceOfPrecisionFactor, inverseTransposed, upperCholesky } from '../src/cholesky';
import { compileKernels } from '../src/kernel-module';
import type { Matrix } from '../src/matrix';
import { createTypescriptCore } from '../src/typescript-core';
import { createWasmCore } from '../src/wasm-core';
import { normals, upperMatrix } from './fixtures';

const TIGHT = { rtol: 1e-9, atol: 1e-11 };

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

const KERNELS = compileKernels();
const CORES = [
  { core: 'typescript', create: createTypescriptCore },
  { core: 'wasm', create: (x: Matrix) => createWasmCore(x, KERNELS) },
];

// sizes around the tiles of 4 x 2 and 4 x 4 and the blocks of 64 rows
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 37].flatMap((nCols) =>
  [1, 2, 3, 4, 5, 63, 64, 65, 130].map((nRows) => ({ nRows, nCols })),
);

describe.each(CORES)('the $core core', ({ create }) => {
  describe.each(SIZES)('over $nRows rows of $nCols columns', ({ nRows, nCols }) => {
    const data = Float64Array.from(normals(nRows, nRows * nCols));
    const mean = Float64Array.from(normals(nCols, nCols));
    const core = create({ data, nRows, nCols });
    const centered = data.map((value, at) => value - mean[at % nCols]!);

    it('gives |P^T (x - m)|^2', () => {
      const upper = upperMatrix(nCols);
      const expected = Array.from({ length: nRows }, (_, i) => {
        let square = 0;
        for (let j = 0; j < nCols; j++) {
          let y = 0;
          for (let k = 0; k < nCols; k++) y += centered[i * nCols + k]! * upper[k * nCols + j]!;
          square += y * y;
        }
        return square;
      });
      const out = new Float64Array(nRows).fill(NaN);
      core.squaredDistances(mean, upper, out);
      expectAllClose(out, expected, TIGHT);
    });

    it('gives the weighted scatter of the rows above the smallest weight', () => {
      const weights = Float64Array.from({ length: nRows }, (_, i) => (i % 5) / 4);
      const expected = new Float64Array(nCols * nCols);
      for (let i = 0; i < nRows; i++) {
        if (weights[i]! <= 0.25) continue;
        for (let at = 0; at < expected.length; at++) {
          const [a, b] = [Math.floor(at / nCols), at % nCols];
          expected[at]! += weights[i]! * centered[i * nCols + a]! * centered[i * nCols + b]!;
        }
      }
      const out = new Float64Array(nCols * nCols).fill(NaN);
      core.scatter(mean, weights, 0.25, out);
      expectAllClose(out, expected, TIGHT);
    });
  });
});

describe.each([1, 2, 3, 8, 40])('triangular factors of size %i', (n) => {
  const factor = upperMatrix(n);
  const matrix = timesTransposed(factor, factor, n);
  const floors = new Float64Array(n);

  it('L L^T = A, and P P^T = A^-1', () => {
    const lower = cholesky(matrix, n, 0, floors) as Float64Array;
    expectAllClose(timesTransposed(lower, lower, n), matrix, TIGHT);
    expect(lower.every((value, at) => at % n <= Math.floor(at / n) || value === 0)).toBe(true);
    const inverse = inverseTransposed(lower, n);
    expectAllClose(timesTransposed(lower, inverse, n), identity(n), TIGHT);
  });

  it('the upper factor gives A, and the covariance of a precision factor is the inverse', () => {
    const upper = upperCholesky(matrix, n, 0) as Float64Array;
    expectAllClose(upper, factor, TIGHT);
    const covariance = covarianceOfPrecisionFactor(upper, n);
    expectAllClose(timesTransposed(matrix, covariance, n), identity(n), TIGHT);
  });
});

it('the Cholesky factor stops at the first pivot that does not exceed its floor', () => {
  const singular = Float64Array.from([1, 1, 0, 1, 1, 0, 0, 0, 2]);
  expect(cholesky(singular, 3, 0, new Float64Array(3))).toBe(1);
  expect(cholesky(Float64Array.of(4), 1, 0, Float64Array.of(4))).toBe(0);
  expect(cholesky(Float64Array.of(NaN), 1, 0, Float64Array.of(0))).toBe(0);
  expect(upperCholesky(singular, 3, 0)).toBe(0);
});
