import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import type { BootstrapIntervalOptions } from '../src/index';
import { bootstrapInterval, rocAuc } from '../src/index';
import { normalCdf, normalQuantile } from '../src/normal-distribution';
import golden from './golden/evaluation.json';

/** Marsaglia's multiply-with-carry is plenty for tests; the seed makes the run repeatable. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Makes bootstrapInterval draw the indices that SciPy drew. */
function replay(): () => number {
  const { normalIndices, anomalousIndices } = golden.bootstrap;
  const uniforms = normalIndices.flatMap((indices, i) =>
    [indices, anomalousIndices[i]!].flatMap((drawn) => drawn.map((index) => (index + 0.5) / drawn.length)),
  );
  let next = 0;
  return () => uniforms[next++]!;
}

const { labels, scores, estimate, intervals, nResamples, confidence } = golden.bootstrap;
const base: BootstrapIntervalOptions = { labels, scores, nResamples, confidence, random: seeded(9) };

describe('bootstrapInterval', () => {
  it.each(['percentile', 'bca'] as const)('equals SciPy on the same draws: %s', (method) => {
    const interval = bootstrapInterval({ ...base, method, random: replay() });
    expectAllClose([interval.lower, interval.upper], intervals[method], { rtol: 1e-10, atol: 0 });
    expectAllClose(interval.estimate, estimate, golden.tolerance);
    expect(interval).toMatchObject({ confidence, nResamples, method });
  });

  it('gives the same for the AUC passed as a statistic', () => {
    const statistic = (l: Uint8Array, s: Float64Array) => rocAuc(l, s);
    for (const method of ['percentile', 'bca'] as const) {
      const expected = bootstrapInterval({ ...base, method, random: replay() });
      expect(bootstrapInterval({ ...base, method, statistic, random: replay() })).toEqual(expected);
    }
  });

  it('keeps the class sizes in every resample and passes labels as 0 and 1', () => {
    const counts = new Set<string>();
    const statistic = (l: Uint8Array) => {
      counts.add(`${l.length} ${l.reduce((sum, label) => sum + label, 0)}`);
      return 0.5;
    };
    bootstrapInterval({ ...base, statistic, random: seeded(1) });
    expect([...counts]).toEqual(['25 11']);
  });

  it('has defaults of 1000 resamples, 95 % and percentile, and repeats with the seed', () => {
    const first = bootstrapInterval({ labels, scores, random: seeded(3) });
    expect(first).toMatchObject({ nResamples: 1000, confidence: 0.95, method: 'percentile' });
    expect(bootstrapInterval({ labels, scores, random: seeded(3) })).toEqual(first);
    expect(first.lower).toBeLessThan(first.estimate);
    expect(first.upper).toBeGreaterThan(first.estimate);
  });

  it('widens with the confidence', () => {
    const at = (level: number) => bootstrapInterval({ ...base, confidence: level, random: seeded(5) });
    expect(at(0.99).upper - at(0.99).lower).toBeGreaterThan(at(0.5).upper - at(0.5).lower);
  });

  it('is a point for perfect separation, also by BCa', () => {
    const perfect = { labels: [0, 0, 0, 1, 1], scores: [1, 2, 3, 4, 5], random: seeded(1) };
    expect(bootstrapInterval(perfect)).toMatchObject({ estimate: 1, lower: 1, upper: 1 });
    expect(bootstrapInterval({ ...perfect, method: 'bca' })).toMatchObject({
      estimate: 1,
      lower: 1,
      upper: 1,
    });
  });

  it('refuses bad options', () => {
    expect(() => bootstrapInterval({ ...base, nResamples: 1 })).toThrow(/nResamples/);
    expect(() => bootstrapInterval({ ...base, nResamples: 10.5 })).toThrow(RangeError);
    expect(() => bootstrapInterval({ ...base, confidence: 95 })).toThrow(/confidence.*got 95/);
    expect(() => bootstrapInterval({ ...base, method: 'basic' as 'bca' })).toThrow(/method/);
    expect(() => bootstrapInterval({ ...base, random: undefined as unknown as () => number })).toThrow(
      TypeError,
    );
    expect(() => bootstrapInterval({ ...base, random: () => 1 })).toThrow(
      /random must return numbers in \[0, 1\)/,
    );
    expect(() => bootstrapInterval({ ...base, statistic: () => NaN })).toThrow(/finite number, got NaN/);
    expect(() => bootstrapInterval({ ...base, scores: scores.map(() => NaN) })).toThrow(/scores\[0\]/);
  });

  it('refuses BCa where it is undefined', () => {
    const few = { labels: [0, 1, 1], scores: [2, 1, 3], random: seeded(2), method: 'bca' as const };
    expect(() => bootstrapInterval(few)).toThrow(/at least 2 clips of each class, got 1 normal/);
    let call = 0; // the estimate comes first and is the smallest
    const statistic = () => call++;
    expect(() => bootstrapInterval({ ...base, method: 'bca', statistic })).toThrow(/all of 120 on one side/);
  });
});

describe('normal distribution', () => {
  it('equals SciPy', () => {
    const { x, expected } = golden.normalCdf;
    expectAllClose(x.map(normalCdf), expected, { rtol: 1e-9, atol: 2e-16 });
  });

  it('is inverted by the quantile', () => {
    const levels = [1e-12, 1e-4, 0.025, 0.5, 0.8, 0.999];
    expectAllClose(
      levels.map((p) => normalCdf(normalQuantile(p))),
      levels,
      { rtol: 1e-9, atol: 1e-15 },
    );
    expectAllClose(normalQuantile(0.975), 1.959963984540054, { rtol: 1e-12, atol: 0 });
  });
});
