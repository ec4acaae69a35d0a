import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import type { AggregationMethod } from '../src/index';
import { aggregate } from '../src/index';
import golden from './golden/aggregator.json';

const NAMED = ['upperHalfMean', 'lowerHalfMean', 'mean', 'max', 'median'] as const;

describe('aggregate equals NumPy', () => {
  it.each(NAMED)('%s', (method) => {
    for (const item of golden.cases) {
      expectAllClose(aggregate(item.chunkScores, method), item[method], golden.tolerance);
    }
  });

  it('upperQuantileMean, where (1 - q) M is exact only in rational arithmetic too', () => {
    for (const item of golden.cases) {
      for (const [q, expected] of Object.entries(item.upperQuantileMean)) {
        expectAllClose(
          aggregate(item.chunkScores, { upperQuantileMean: Number(q) }),
          expected,
          golden.tolerance,
        );
      }
    }
  });
});

describe('aggregate', () => {
  it('averages the ceil(M/2) largest scores unless told otherwise', () => {
    expect(aggregate([1, 9, 2, 8])).toBe(8.5);
    expect(aggregate([1, 9, 2, 8, 4])).toBe(7);
  });

  it('counts the lower half from the smallest score, middle included', () => {
    expect(aggregate([1, 9, 2, 8], 'lowerHalfMean')).toBe(1.5);
    expect(aggregate([1, 9, 2, 8, 3], 'lowerHalfMean')).toBe(2);
  });

  it('gives the score of a single chunk back, whatever the method', () => {
    const methods: AggregationMethod[] = [...NAMED, { upperQuantileMean: 0.5 }, { upperQuantileMean: 1 }];
    for (const method of methods) expect(aggregate([-3.25], method)).toBe(-3.25);
  });

  it('is its own mirror image: upper half of the negated scores = negated lower half', () => {
    const scores = [0.3, -1.2, 5, 2.25, 0.3, 7.5, -4];
    const negated = scores.map((score) => -score);
    expectAllClose(aggregate(negated), -aggregate(scores, 'lowerHalfMean'), { rtol: 1e-14, atol: 0 });
  });

  it('sorts numerically, takes typed arrays and leaves the input as it was', () => {
    const scores = new Float32Array([10, 9, 100, -1]);
    expect(aggregate(scores, 'upperHalfMean')).toBe(55);
    expect(Array.from(scores)).toEqual([10, 9, 100, -1]);
  });

  it('accumulates in float64', () => {
    const scores = new Float32Array(4096).fill(0.1);
    scores[0] = 1e8;
    expectAllClose(aggregate(scores, 'mean'), (1e8 + 4095 * Math.fround(0.1)) / 4096, {
      rtol: 1e-13,
      atol: 0,
    });
  });
});

describe('aggregate refuses', () => {
  it('no scores', () => {
    expect(() => aggregate([])).toThrow(RangeError);
    expect(() => aggregate(new Float32Array(0), 'max')).toThrow(
      /aggregator\.aggregate: chunkScores must hold at least/,
    );
  });

  it.each([NaN, Infinity, -Infinity])('a score of %p, and names its index', (bad) => {
    expect(() => aggregate([1, bad, 3])).toThrow(RangeError);
    expect(() => aggregate([1, bad, 3], 'max')).toThrow(/chunkScores\[1\] must be finite/);
  });

  it('what is no number and no array', () => {
    expect(() => aggregate(['1'] as unknown as number[])).toThrow(TypeError);
    expect(() => aggregate(null as unknown as number[])).toThrow(TypeError);
    expect(() => aggregate(new Array<number>(3))).toThrow(/chunkScores\[0\] must be a number, got undefined/);
  });

  it('an unknown method', () => {
    expect(() => aggregate([1], 'upperhalf' as 'max')).toThrow(TypeError);
    expect(() => aggregate([1], null as unknown as 'max')).toThrow(/got null/);
    expect(() => aggregate([1], { upperQuantilMean: 0.5 } as never)).toThrow(
      /or { upperQuantileMean: q }, got {"upperQuantilMean":0.5}/,
    );
  });

  it.each([-0.01, 1.01, NaN, '0.5'])('upperQuantileMean of %p', (q) => {
    expect(() => aggregate([1, 2], { upperQuantileMean: q as number })).toThrow(RangeError);
  });
});
