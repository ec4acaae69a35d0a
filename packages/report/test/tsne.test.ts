import { expectAllClose } from '../../../tools/test-support/expect-all-close';
import { formulaValues } from '../../../tools/test-support/formula-values';
import { tsne } from '../src/index';
import { jointProbabilities } from '../src/tsne-affinities';
import golden from './golden/report.json';
import { seededRandom } from './support/seeded-random';

const { nRows, nCols, nClusters, spread, nNeighbors, cases, tolerance } = golden.tsne;
const centers = formulaValues('report.tsne.centers', nClusters * nCols);
const noise = formulaValues('report.tsne.noise', nRows * nCols);
const points = {
  data: noise.map(
    (value, i) => centers[(Math.floor(i / nCols) % nClusters) * nCols + (i % nCols)]! + spread * value,
  ),
  nRows,
  nCols,
};
const rowsOf = ({ data, nRows: n, nCols: d }: { data: Float64Array; nRows: number; nCols: number }) =>
  Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)));

/** Indices of all other points, nearest first. */
function neighbours(rows: number[][], i: number): number[] {
  const distance = rows.map((row) => row.reduce((sum, value, k) => sum + (value - rows[i]![k]!) ** 2, 0));
  return rows
    .map((_, j) => j)
    .filter((j) => j !== i)
    .sort((a, b) => distance[a]! - distance[b]!);
}

/** Trustworthiness of a map: Venna and Kaski, "Neighborhood preservation in nonlinear projection methods" (2001), Eq. 1. */
function trustworthiness(original: number[][], map: number[][], k: number): number {
  const n = original.length;
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const ranks = new Map(neighbours(original, i).map((j, rank) => [j, rank + 1]));
    for (const j of neighbours(map, i).slice(0, k)) penalty += Math.max(0, ranks.get(j)! - k);
  }
  return 1 - (2 * penalty) / (n * k * (2 * n - 3 * k - 1));
}

describe('tsne equals scikit-learn', () => {
  it.each(cases)('in its neighbour probabilities, perplexity $perplexity', (expected) => {
    const joint = jointProbabilities(points, expected.perplexity);
    const sampled = joint.filter((_, i) => i % expected.stride === 0);
    expectAllClose(sampled, expected.jointProbabilities, tolerance.jointProbabilities);
    expectAllClose(2 * joint.reduce((sum, p) => sum + p, 0), 1, { rtol: 1e-12, atol: 0 });
  });

  it.each(cases)('in the trustworthiness and divergence of its map, perplexity $perplexity', (expected) => {
    const map = tsne(points, { perplexity: expected.perplexity, random: seededRandom(1) });
    const { trustworthiness: wanted, klDivergence } = expected;
    expectAllClose(trustworthiness(rowsOf(points), rowsOf(map), nNeighbors), wanted, {
      rtol: 0,
      atol: tolerance.trustworthiness,
    });
    expectAllClose(map.klDivergence, klDivergence, { rtol: 0, atol: tolerance.klDivergence });
  });
});

const few = rowsOf(points).slice(0, 30);
const quick = (options: object = {}) => ({ perplexity: 5, nIter: 60, random: seededRandom(3), ...options });

describe('tsne', () => {
  it('gives the same map for the same seed, rows or flat, in float64 or float32', () => {
    const data = Float32Array.from(few.flat());
    const rows = few.map((row) => Array.from(Float32Array.from(row)));
    const first = tsne({ data, nRows: 30, nCols }, quick());
    expect(first).toMatchObject({ nRows: 30, nCols: 2 });
    expect(first.data).toHaveLength(60);
    expect(tsne(rows, quick())).toEqual(first);
    expect(tsne({ data: Float64Array.from(data), nRows: 30, nCols }, quick())).toEqual(first);
  });

  it('leaves its input as it was, and does not care for its unit', () => {
    const copy = few.map((row) => row.slice());
    const map = tsne(few, quick());
    expect(few).toEqual(copy);
    const scaled = few.map((row) => row.map((value) => value * 2 ** 600));
    expect(tsne(scaled, quick())).toEqual(map);
  });

  it('depends on the seed with a random start', () => {
    const map = tsne(few, quick({ init: 'random' }));
    expect(tsne(few, quick({ init: 'random' }))).toEqual(map);
    expect(tsne(few, quick({ init: 'random', random: seededRandom(4) })).data).not.toEqual(map.data);
  });

  it('lowers the divergence with more steps', () => {
    const after = (nIter: number) => tsne(few, quick({ nIter })).klDivergence;
    expect(after(1000)).toBeLessThan(after(260));
    expect(after(1000)).toBeGreaterThan(0);
  });

  it('uses its exaggeration and learning rate', () => {
    const map = tsne(few, quick()).data;
    expect(tsne(few, quick({ earlyExaggeration: 4 })).data).not.toEqual(map);
    expect(tsne(few, quick({ learningRate: 10 })).data).not.toEqual(map);
    expect(tsne(few, quick({ learningRate: 50 })).data).toEqual(map); // 'auto' for few points
  });

  it.each([
    ['equal points', Array.from({ length: 8 }, () => [1, 2, 3])],
    ['more equal points than the perplexity', Array.from({ length: 20 }, (_, i) => [i < 15 ? 0 : i, 1])],
    ['points on a line', Array.from({ length: 12 }, (_, i) => [i, 2 * i, -i])],
    ['one column', Array.from({ length: 12 }, (_, i) => [i * i])],
    ['huge values', Array.from({ length: 12 }, (_, i) => [i * 1e300, -1e300])],
    [
      'two points',
      [
        [0, 1],
        [1, 0],
      ],
    ],
  ])('gives finite maps of %s', (_, rows) => {
    const map = tsne(rows, quick({ perplexity: Math.min(5, rows.length - 1), nIter: 300 }));
    expect(map.data.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(map.klDivergence)).toBe(true);
  });

  it('takes any perplexity below the number of points', () => {
    expect(tsne(few, quick({ perplexity: 29.5 })).data.every(Number.isFinite)).toBe(true);
  });

  it.each([
    [
      'a perplexity as high as the number of points',
      few,
      { perplexity: 30 },
      /perplexity must be at least 1 and below the number of points, got 30 for 30 points/,
    ],
    ['the default perplexity for few points', few, { perplexity: undefined }, RangeError],
    ['a perplexity below 1', few, { perplexity: 0.5 }, RangeError],
    ['a NaN perplexity', few, { perplexity: NaN }, RangeError],
    ['no random', few, { random: undefined }, TypeError],
    ['no steps', few, { nIter: 0 }, /nIter must be a positive integer/],
    ['an exaggeration below 1', few, { earlyExaggeration: 0.5 }, /earlyExaggeration/],
    ['a learning rate of 0', few, { learningRate: 0 }, /learningRate/],
    ['another start', few, { init: 'spectral' }, /init must be one of 'pca', 'random'/],
    ['no points', [], {}, /embeddings must hold at least one entry/],
    ['NaN', [...few, few[0]!.map(() => NaN)], {}, /embeddings\[30\]\[0\] must be finite, got NaN/],
    ['ragged rows', [...few, [1]], {}, /embeddings\[30\] must have 12 columns/],
    [
      'a wrong shape',
      { data: new Float64Array(5), nRows: 2, nCols: 3 },
      {},
      /nRows x nCols = 6 values, got 5/,
    ],
    ['null', null, {}, TypeError],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => tsne(bad as never, quick(options))).toThrow(message as RegExp);
  });

  it('refuses missing options', () => {
    expect(() => tsne(few, undefined as never)).toThrow(/report\.tsne: options must be an object/);
  });
});
