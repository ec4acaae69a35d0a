import {
  checkedRandom,
  drawIndex,
  drawNormal,
  drawPermutation,
  drawUniform,
  fillNormal,
  normalValues,
  seededRandom,
  shuffled,
  uniformValues,
} from '../src/index';

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
const outside = [1, -0.1, NaN, undefined as unknown as number];

describe('seededRandom', () => {
  const first = (seed: number, ...labels: (string | number)[]) => {
    const random = seededRandom(seed, ...labels);
    return [random(), random(), random()];
  };

  it('gives the same numbers for the same seed and labels, for ever', () => {
    expect(first(42, 'validation')).toEqual(first(42, 'validation'));
    // What these give is what every stored result was made with.
    expect(first(0)).toEqual([0.08190796594135463, 0.47126615047454834, 0.4843629340175539]);
    expect(first(7, 'fan', '00', 3)).toEqual([0.9453653609380126, 0.4695842736400664, 0.9214773024432361]);
  });

  it('gives others for another seed, another label and a label of another kind', () => {
    const streams = [
      first(1),
      first(2),
      first(1, 'a'),
      first(1, 1),
      first(1, '1'),
      first(1, 'a', 'b'),
      first(1, 'a,b'),
    ];
    expect(new Set(streams.map(String)).size).toBe(streams.length);
  });

  it('is uniform in [0, 1)', () => {
    const random = seededRandom(5);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[Math.floor(random() * 10)]! += 1;
    // chi-squared with 9 degrees of freedom: 27.9 is exceeded once in a thousand
    expect(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  });

  it.each([[NaN], [Infinity], ['7']])('refuses the seed %p', (seed) => {
    expect(() => seededRandom(seed as number)).toThrow(RangeError);
    expect(() => seededRandom(1, NaN)).toThrow('foundation.seededRandom: seed must be a finite number');
  });
});

describe('draws', () => {
  it.each(outside)('refuse a generator that returns %p', (value) => {
    const draws = [
      () => drawUniform(() => value),
      () => drawIndex(3, () => value),
      () => drawPermutation(3, () => value),
      () => shuffled([1, 2, 3], () => value),
      () => drawNormal(() => value),
      () => normalValues(1, 1, () => value),
      () => uniformValues(1, 1, () => value),
    ];
    for (const draw of draws) {
      expect(draw).toThrow(RangeError);
      expect(draw).toThrow(`random must return numbers in [0, 1), got ${value}.`);
    }
    expect(checkedRandom('gmm.fit', () => value)).toThrow(
      new RangeError(`gmm.fit: random must return numbers in [0, 1), got ${value}.`),
    );
  });

  it('a normal number is the first of two that two draws make', () => {
    const [one, several] = [seededRandom(3), seededRandom(3)];
    const drawn = [drawNormal(one), drawNormal(one), drawNormal(one)];
    const filled = new Float64Array(6);
    fillNormal(filled, 1, several);
    expect(drawn).toEqual([filled[0], filled[2], filled[4]]);
  });

  it('a checked generator returns the same numbers', () => {
    const random = checkedRandom('a.b', seededRandom(3));
    const plain = seededRandom(3);
    for (let i = 0; i < 5; i++) expect(random()).toBe(plain());
  });

  it('a permutation holds every number once, and every order is equally likely', () => {
    const random = seededRandom(11);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = drawPermutation(3, random).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120); // 4 sigma
    expect(drawPermutation(0, random)).toHaveLength(0);
  });

  it('shuffles into the order of the permutation by n - 1 draws, and leaves the items as they were', () => {
    const items = ['a', 'b', 'c', 'd', 'e'];
    let nDraws = 0;
    const random = seededRandom(2);
    const counted = () => {
      nDraws++;
      return random();
    };
    const order = drawPermutation(5, seededRandom(2));
    expect(shuffled(items, counted)).toEqual(Array.from(order, (i) => items[i]));
    expect(nDraws).toBe(4);
    expect(items.join('')).toBe('abcde');
  });

  it('normal numbers have their moments, in either precision and for an odd length', () => {
    const values = normalValues(100_001, 2, seededRandom(8));
    expect(values).toHaveLength(100_001);
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(mean(values.map((x) => x * x))).toBeCloseTo(4, 1);
    expect(mean(values.map((x) => x ** 4)) / 16).toBeCloseTo(3, 0);
    const doubles = new Float64Array(7);
    fillNormal(doubles, 2, seededRandom(8));
    expect(Float32Array.from(doubles)).toEqual(values.slice(0, 7));
  });

  it('uniform numbers lie within the bound', () => {
    const values = uniformValues(10_000, 3, seededRandom(9));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(3);
    expect(mean(values.map((x) => x * x))).toBeCloseTo(3, 1);
  });
});
