import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { trustworthiness, tsne } from '../src/index';
import { jointProbabilities } from '../src/tsne-affinities';
import golden from './golden/report.json';
import { clusteredPoints, rowsOf } from './support/clustered-points';
import { seededRandom } from './support/seeded-random';

const { nNeighbors, sets, tolerance } = golden.tsne;
const allCases = sets.flatMap(({ cases, ...set }) =>
  cases.map((expected) => ({ set, expected, name: set.name, perplexity: expected.perplexity })),
);

describe('tsne equals scikit-learn', () => {
  it.each(allCases)('in its neighbour probabilities: $name, perplexity $perplexity', ({ set, expected }) => {
    const joint = jointProbabilities(clusteredPoints(set), expected.perplexity);
    const sampled = joint.filter((_, i) => i % expected.stride === 0);
    expectAllClose(sampled, expected.jointProbabilities, tolerance.jointProbabilities);
    expectAllClose(2 * joint.reduce((sum, p) => sum + p, 0), 1, { rtol: 1e-12, atol: 0 });
  });

  it.each(allCases)('in how faithful its map is: $name, perplexity $perplexity', ({ set, expected }) => {
    const points = clusteredPoints(set);
    const map = tsne(points, { perplexity: expected.perplexity, random: seededRandom(1) });
    expectAllClose(trustworthiness(points, map, { nNeighbors }), expected.trustworthiness, {
      rtol: 0,
      atol: tolerance.trustworthiness,
    });
    expectAllClose(map.klDivergence, expected.klDivergence, { rtol: 0, atol: tolerance.klDivergence });
  });
});

const { nCols } = sets[0]!;
const few = rowsOf(clusteredPoints(sets[0]!)).slice(0, 30);
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
      /perplexity must be at least 1 and below the number of points, got 30 for 30 points\. Lower it\./,
    ],
    ['the default perplexity for few points', few, { perplexity: undefined }, RangeError],
    ['a perplexity below 1', few, { perplexity: 0.5 }, RangeError],
    ['a NaN perplexity', few, { perplexity: NaN }, RangeError],
    ['no random', few, { random: undefined }, TypeError],
    ['no steps', few, { nIter: 0 }, /nIter must be a whole number of at least 1/],
    ['an exaggeration below 1', few, { earlyExaggeration: 0.5 }, /earlyExaggeration/],
    ['a learning rate of 0', few, { learningRate: 0 }, /learningRate/],
    ['another start', few, { init: 'spectral' }, /init must be one of 'pca', 'random'/],
    ['no points', [], {}, /embeddings must have at least one row/],
    [
      'NaN',
      [...few, few[0]!.map(() => NaN)],
      {},
      /embeddings must hold finite numbers, got \w+ at row 30, column 0/,
    ],
    [
      'ragged rows',
      [...few, [1]],
      {},
      /embeddings must have rows of one length, got 12 columns in row 0 and 1 in row 30/,
    ],
    [
      'a wrong shape',
      { data: new Float64Array(5), nRows: 2, nCols: 3 },
      {},
      /nRows \* nCols values, got 5 for 2 x 3/,
    ],
    ['null', null, {}, TypeError],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => tsne(bad as never, quick(options))).toThrow(message as RegExp);
  });

  it('refuses missing options', () => {
    expect(() => tsne(few, undefined as never)).toThrow(/report\.tsne: options must be an object/);
  });
});
