import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import fc from 'fast-check';
import { type CoreChoice, GaussianMixture } from '../src/index';
import { compileKernels } from '../src/kernel-module';
import { createTypescriptCore } from '../src/typescript-core';
import { createWasmCore } from '../src/wasm-core';
import { blobs, normals, seeded, upperMatrix } from './fixtures';
import golden from './golden/gmm.json';

const RUNS = { seed: 20_200_512, numRuns: 200, endOnFailure: false };
const KERNELS = compileKernels()!;

/** Odd sizes, a single column, more columns than rows, blocks that are full, nearly full and just over. */
const problems = fc.record({
  nRows: fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 60, max: 68 }),
    fc.integer({ max: 300, min: 1 }),
  ),
  nCols: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 70 })),
  seed: fc.nat(2 ** 31 - 1),
  /** Share of the rows with a weight of 0. */
  idle: fc.constantFrom(0, 0.1, 0.9, 1),
  scale: fc.constantFrom(1, 1e-150, 1e6, 1e100),
});

type Problem = typeof problems extends fc.Arbitrary<infer T> ? T : never;

function makeInputs({ nRows, nCols, seed, idle, scale }: Problem) {
  const random = seeded(seed);
  const data = Float64Array.from(normals(seed, nRows * nCols), (value) => scale * (value + 3));
  const mean = Float64Array.from(normals(seed + 1, nCols), (value) => scale * value);
  const weights = Float64Array.from({ length: nRows }, () => (random() < idle ? 0 : random()));
  return { x: { data, nRows, nCols }, mean, weights, upper: upperMatrix(nCols), smallest: 0.05 };
}

it('equals the TypeScript core bit for bit', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { x, mean, weights, upper, smallest } = makeInputs(problem);
      const [expected, actual] = [createTypescriptCore(x), createWasmCore(x, KERNELS)].map((core) => {
        const squares = new Float64Array(x.nRows).fill(NaN);
        const scatter = new Float64Array(x.nCols * x.nCols).fill(NaN);
        core.squaredDistances(mean, upper, squares);
        core.scatter(mean, { responsibilities: weights, smallest }, scatter);
        const again = new Float64Array(x.nRows); // what the scatter has left in the memory is no matter
        core.squaredDistances(mean, upper, again);
        return { squares, scatter, again };
      });
      expect(actual).toEqual(expected);
      expect(actual!.again).toEqual(actual!.squares);
    }),
    RUNS,
  );
});

it('has no finite distance where the TypeScript core has none', () => {
  const data = Float64Array.of(1e200, 1, 1, 2, 1e308, 2, 2, -1e308, 3);
  const x = { data, nRows: 3, nCols: 3 };
  const mean = Float64Array.of(-1e308, 0, 1e308);
  for (const core of [createTypescriptCore(x), createWasmCore(x, KERNELS)]) {
    const out = new Float64Array(3);
    core.squaredDistances(mean, upperMatrix(3), out);
    expect(out.some((square) => square < Infinity)).toBe(false);
  }
});

describe.each(['full', 'tied'] as const)('a whole fit of %s covariances', (covarianceType) => {
  const fit = (core: CoreChoice, X: number[][], nComponents = 2) =>
    new GaussianMixture({ covarianceType, nComponents, core, maxIter: 20 }).fit(X);

  it.each(Object.entries(golden.data))('gives the same mixture with each core: %s', (_, { X, test }) => {
    const expected = fit('typescript', X);
    for (const core of ['wasm', 'auto'] as const) {
      const mixture = fit(core, X);
      expect(mixture.toJSON()).toEqual(expected.toJSON());
      expect(mixture.scoreSamples(test)).toEqual(expected.scoreSamples(test));
      expectAllClose(mixture.scoreSamples(test), expected.scoreSamples(test), { rtol: 1e-9, atol: 0 });
    }
  });

  it('gives the same mixture where auto takes WebAssembly', () => {
    const centers = [0, 0.4, 0.8].map((at) => Array.from({ length: 33 }, (_, j) => at + Math.sin(j)));
    const X = blobs(5, 999, centers); // 999 x 33^2 is more than auto leaves to TypeScript
    const [typescript, wasm, auto] = (['typescript', 'wasm', 'auto'] as const).map((core) => fit(core, X, 3));
    expect(wasm!.toJSON()).toEqual(typescript!.toJSON());
    expect(auto!.toJSON()).toEqual(typescript!.toJSON());
    expect(auto!.scoreSamples(X)).toEqual(typescript!.scoreSamples(X));
  });
});

it('refuses columns that no memory of WebAssembly holds', () => {
  const x = { data: new Float64Array(40_000), nRows: 1, nCols: 40_000 };
  expect(() => createWasmCore(x, KERNELS)).toThrow(RangeError);
  expect(() => createWasmCore(x, KERNELS)).toThrow(/core must be .* for so many columns, got 'wasm'/);
});
