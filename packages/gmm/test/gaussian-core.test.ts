import type { Matrix } from '@serial-oe/foundation';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { compileKernels } from '../src/kernel-module';
import { createTypescriptCore } from '../src/typescript-core';
import { createWasmCore } from '../src/wasm-core';
import { normals, upperMatrix } from './fixtures';

const TIGHT = { rtol: 1e-9, atol: 1e-11 };

const KERNELS = compileKernels()!;
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
      core.scatter(mean, { responsibilities: weights, smallest: 0.25 }, out);
      expectAllClose(out, expected, TIGHT);
    });
  });
});
