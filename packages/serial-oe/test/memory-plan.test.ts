import fc from 'fast-check';
import { resolveConfig, type SerialOeConfigOverrides, TrainingMemoryError } from '../src';
import {
  describeMemoryPlan,
  estimateHeapBytes,
  HEAP_LIMIT_BYTES,
  type MemoryPlanOptions,
  planMemory,
} from '../src/training/memory-plan';

const FOUR_GIB = 2 ** 32;

function options(
  batch: SerialOeConfigOverrides['batch'] = {},
  others: Partial<MemoryPlanOptions> = {},
): MemoryPlanOptions {
  return {
    config: resolveConfig('paper', { batch }),
    inputShape: [224, 126],
    nMachineIds: 4,
    backend: 'wasm',
    operations: 'wasm-simd',
    workers: 1,
    ...others,
  };
}

describe('planMemory', () => {
  it("takes the paper's batch of 128 at once with the kernels of wasm-kernels", () => {
    const plan = planMemory(options());
    expect(plan).toMatchObject({ microBatchSize: 128, nMicroBatches: 1 });
    expect(plan.heapBytes).toBeLessThan(0.7 * FOUR_GIB);
    expect(describeMemoryPlan(plan, 1)).toBeNull();
  });

  it('cuts it in two for pure tfjs, and says so', () => {
    const plan = planMemory(options({}, { operations: 'tfjs' }));
    expect(plan).toMatchObject({ microBatchSize: 64, nMicroBatches: 2 });
    expect(describeMemoryPlan(plan, 1)).toMatch(
      /^2 micro-batches of 64 a step: BatchNorm uses the statistics of each; about 3\.\d\d GiB of WASM heap$/,
    );
  });

  it('needs no micro-batches where each worker has a share that fits', () => {
    const plan = planMemory(options({}, { operations: 'tfjs', workers: 2 }));
    expect(plan).toMatchObject({ microBatchSize: 64, nMicroBatches: 1 });
  });

  it('knows no limit on other backends', () => {
    for (const backend of ['cpu', 'webgpu', 'tensorflow']) {
      const plan = planMemory(options({ nNormal: 512, nOutliers: 512 }, { backend, operations: 'tfjs' }));
      expect(plan).toEqual({ microBatchSize: 1024, nMicroBatches: 1, heapBytes: null, heapLimitBytes: null });
    }
  });

  it('does as it is told', () => {
    expect(planMemory(options({ microBatchSize: 32 }))).toMatchObject({
      microBatchSize: 32,
      nMicroBatches: 4,
    });
    expect(planMemory(options({ microBatchSize: 1000 }))).toMatchObject({
      microBatchSize: 128,
      nMicroBatches: 1,
    });
    expect(planMemory(options({ microBatchSize: 32 }, { workers: 2 })).nMicroBatches).toBe(2);
  });

  it('warns where what it is told may not fit', () => {
    const plan = planMemory(options({ nNormal: 256, nOutliers: 256, microBatchSize: 512 }));
    expect(describeMemoryPlan(plan, 1)).toMatch(/^batches of 512 at once; about .* more than the 3\.60 GiB/);
  });

  it('names the sizes that are possible', () => {
    expect(() => planMemory(options({ nNormal: 6, nOutliers: 12, microBatchSize: 8 }))).toThrow(
      /microBatchSize must cut 6 normal samples and 12 outliers .* got 8\. Possible here: 18, 9, 6, 3\./,
    );
    expect(() => planMemory(options({ microBatchSize: 64 }, { workers: 3 }))).toThrow(RangeError);
  });

  it('rather fails than making micro-batches of two', () => {
    const prime = options({ nNormal: 211, nOutliers: 211 });
    expect(() => planMemory(prime)).toThrow(TrainingMemoryError);
    expect(() => planMemory(prime)).toThrow(/possible sizes: 422, 2\)/);
  });

  it('keeps the proportion and the limit for any sizes', () => {
    const half = fc.integer({ min: 1, max: 24 }).map((n) => 32 * n);
    fc.assert(
      fc.property(half, half, fc.constantFrom('tfjs', 'wasm-simd'), (nNormal, nOutliers, operations) => {
        const plan = planMemory(options({ nNormal, nOutliers }, { operations }));
        expect(plan.microBatchSize * plan.nMicroBatches).toBe(nNormal + nOutliers);
        expect(nNormal % plan.nMicroBatches).toBe(0);
        expect(nOutliers % plan.nMicroBatches).toBe(0);
        expect(plan.heapBytes).toBeLessThanOrEqual(HEAP_LIMIT_BYTES);
      }),
    );
  });
});

it('estimates more for more samples, for larger spectrograms, and for pure tfjs', () => {
  const at = (nSamples: number, others: Partial<MemoryPlanOptions> = {}) =>
    estimateHeapBytes(nSamples, options({}, others));
  expect(at(64)).toBeGreaterThan(at(32));
  expect(at(32, { inputShape: [128, 63] })).toBeLessThan(at(32));
  expect(at(32, { operations: 'tfjs' })).toBeGreaterThan(2 * at(32));
});

it('checks the configuration', () => {
  for (const microBatchSize of [1, 2.5, Number.NaN, 'all' as 'auto']) {
    expect(() => resolveConfig('paper', { batch: { microBatchSize } })).toThrow(
      /config\.batch\.microBatchSize must be a whole number of at least 2, or 'auto', got/,
    );
  }
});
