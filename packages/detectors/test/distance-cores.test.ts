import { instantiateSmallKernel, type Matrix } from '@serial-oe/foundation';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  restoreWebAssembly,
  watchWebAssembly,
  withoutWebAssembly,
} from '@serial-oe/tooling/test-support/watch-web-assembly';
import fc from 'fast-check';
import { BLOCK_ROWS, type DistanceCore } from '../src/distance-core';
import { KERNEL_BINARY } from '../src/generated/kernel-binary';
import { KernelDensity, KNearestNeighbors, OneClassSvm } from '../src/index';
import { compileKernels, type Kernels } from '../src/kernel-module';
import { createTypescriptCore } from '../src/typescript-core';
import { createWasmCore } from '../src/wasm-core';
import { goldenData } from './fixtures';

const RUNS = { seed: 20_200_512, numRuns: 60, endOnFailure: false };

/** Odd sizes, single rows and columns, blocks that are full, nearly full and just over. */
const shapes = fc.record({
  nQueries: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60, max: BLOCK_ROWS })),
  nRows: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60, max: 140 })),
  nCols: fc.integer({ min: 1, max: 70 }),
  scale: fc.constantFrom(1, 1e-150, 1e60),
});

function matrix(name: string, [nRows, nCols]: [number, number], scale: number): Matrix {
  return { data: formulaValues(name, nRows * nCols).map((value) => scale * value), nRows, nCols };
}

/** All distances, by the blocks of a core, `[nQueries, nRows]`. */
function allDistances(core: DistanceCore, queries: Matrix, nRows: number): number[] {
  core.setQueries(queries.data);
  const distances: number[] = [];
  for (let firstRow = 0; firstRow < nRows; firstRow += BLOCK_ROWS) {
    core.fill(firstRow);
    for (let i = 0; i < queries.nRows; i++) {
      for (let j = 0; j < Math.min(BLOCK_ROWS, nRows - firstRow); j++) {
        distances[i * nRows + firstRow + j] = core.squared[i * BLOCK_ROWS + j]!;
      }
    }
  }
  return distances;
}

/** How many values differ; jest's own comparison of long arrays takes its time. */
function countDifferent(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let count = 0;
  for (let i = 0; i < expected.length; i++) if (!Object.is(actual[i], expected[i])) count++;
  return count;
}

/** The definition. */
function plainDistances(queries: Matrix, rows: Matrix): number[] {
  const distances: number[] = [];
  for (let i = 0; i < queries.nRows; i++) {
    for (let j = 0; j < rows.nRows; j++) {
      let sum = 0;
      for (let k = 0; k < rows.nCols; k++) {
        sum += (queries.data[i * rows.nCols + k]! - rows.data[j * rows.nCols + k]!) ** 2;
      }
      distances.push(sum);
    }
  }
  return distances;
}

it.each([
  ['TypeScript', createTypescriptCore],
  ['WebAssembly', createWasmCore],
] as const)('%s gives the sums of squared differences, bit for bit', (_, createCore) => {
  fc.assert(
    fc.property(shapes, ({ nQueries, nRows, nCols, scale }) => {
      const rows = matrix('rows', [nRows, nCols], scale);
      const core = createCore(rows)!;
      for (const [name, n] of [
        ['many', nQueries],
        ['one', 1],
      ] as const) {
        const queries = matrix(name, [n, nCols], scale);
        expect(countDifferent(allDistances(core, queries, nRows), plainDistances(queries, rows))).toBe(0);
      }
    }),
    RUNS,
  );
});

it('the kernels write their results and nothing else', () => {
  const module = compileKernels()!;
  fc.assert(
    fc.property(shapes, ({ nQueries, nRows, nCols }) => {
      const nPanels = Math.min(16, Math.ceil(nRows / 4));
      const out = 8 + (BLOCK_ROWS + 18 * 4) * nCols; // behind the inputs, with a guard before it and one behind it
      const end = out + BLOCK_ROWS * BLOCK_ROWS;
      const memory = new WebAssembly.Memory({ initial: Math.ceil((end + 8) / 8192) });
      const values = new Float64Array(memory.buffer);
      values.set(formulaValues('memory', values.length));
      const before = values.slice();
      const panels = (BLOCK_ROWS * nCols + 4) * 8;
      instantiateSmallKernel<Kernels>(module, memory).squaredDistances(
        0,
        nQueries,
        panels,
        nPanels,
        nCols,
        out * 8,
      );
      expect(values[out]).not.toBe(before[out]);
      values.set(before.subarray(out, end), out);
      expect(countDifferent(values, before)).toBe(0);
    }),
    RUNS,
  );
});

it('the kernels import a memory and nothing else, and compile synchronously on any main thread', () => {
  expect(Buffer.from(KERNEL_BINARY, 'base64').length).toBeLessThan(4096); // Chrome's limit up to version 113
  const module = compileKernels()!;
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
});

it('rows that no memory of WebAssembly holds are left to TypeScript', () => {
  const huge = { data: new Float64Array(0), nRows: 1_000_000, nCols: 600 };
  expect(createWasmCore(huge)).toBeUndefined();
});

describe('the choice of the core', () => {
  const { train } = goldenData('many'); // against itself, more than is left to TypeScript
  const detectors = () => [new KNearestNeighbors(), new KernelDensity(), new OneClassSvm()];
  const scores = () => detectors().map((detector) => detector.fit(train).scoreSamples(train));
  const expected = scores();

  afterEach(() => {
    restoreWebAssembly();
    jest.restoreAllMocks();
  });

  it('is WebAssembly for much work, and TypeScript for little, which compiles nothing', () => {
    const made = watchWebAssembly('Memory');
    const detector = new KNearestNeighbors().fit(train);
    expect(detector.scoreSamples(train.slice(0, 31))).toEqual(expected[0]!.slice(0, 31));
    expect(made.count).toBe(0);
    expect(detector.scoreSamples(train)).toEqual(expected[0]);
    expect(made.count).toBe(1);
  });

  it('gives the same scores without SIMD', () => {
    jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const made = watchWebAssembly('Module');
    expect(scores()).toEqual(expected);
    expect(made.count).toBe(0);
  });

  it('gives the same scores without WebAssembly', () => {
    const actual = withoutWebAssembly(scores);
    expect(actual).toEqual(expected);
  });

  it("gives the same scores where a page's policy forbids compiling, and where no memory is to be had", () => {
    watchWebAssembly('Module', new WebAssembly.CompileError('violates the content security policy'));
    expect(scores()).toEqual(expected);
    restoreWebAssembly();
    watchWebAssembly('Memory', new RangeError('could not allocate memory'));
    expect(scores()).toEqual(expected);
  });

  it('hides no other error', () => {
    watchWebAssembly('Module', new TypeError('out of the blue'));
    expect(scores).toThrow('out of the blue');
    restoreWebAssembly();
    watchWebAssembly('Memory', new TypeError('out of the blue'));
    expect(scores).toThrow('out of the blue');
  });
});
