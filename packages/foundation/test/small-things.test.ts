import * as fc from 'fast-check';
import {
  compareText,
  fitted,
  isFloat32Array,
  isFloat64Array,
  NotFittedError,
  nameSome,
  quantile,
} from '../src/index';

it('compareText orders by code unit, whatever the locale', () => {
  expect(['b', 'ä', 'a', 'B', 'a'].sort(compareText)).toEqual(['B', 'a', 'a', 'b', 'ä']);
  expect(compareText('a', 'a')).toBe(0);
});

it('nameSome names the first and counts the rest', () => {
  expect(nameSome([])).toBe('');
  expect(nameSome(['a', 'b'])).toBe('a, b');
  expect(nameSome(['a', 'b', 'c'], { limit: 2, separator: '; ' })).toBe('a; b and 1 more');
  expect(nameSome(new Array(10).fill('x'))).toBe('x, x, x, x, x, x, x, x and 2 more');
});

it('fitted passes a state on, and says what to do where there is none', () => {
  expect(fitted('gmm.scoreSamples', 0)).toBe(0);
  const error = new NotFittedError('gmm.scoreSamples');
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('NotFittedError');
  expect(() => fitted('gmm.scoreSamples', undefined)).toThrow(error);
  expect(error.message).toBe(
    'gmm.scoreSamples: the model must be fitted, got one that is not. Call fit(X) first.',
  );
});

describe('quantile', () => {
  const sorted = Float64Array.of(1, 1, 2, 3, 4, 5, 6, 9);

  it.each([
    [0, 1],
    [1, 9],
    [0.5, 3.5],
    [0.25, 1.75],
    [0.9, 6.9],
    [-0.1, 1],
    [1.1, 9],
  ])('at %p is numpy.quantile, %p', (level, expected) => {
    expect(quantile(sorted, level)).toBeCloseTo(expected, 12);
  });

  it('lies between the extremes and rises with the level', () => {
    const doubles = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(
        fc.array(doubles, { minLength: 1 }),
        fc.double({ noNaN: true, min: 0, max: 1 }),
        (values, level) => {
          const ordered = Float64Array.from(values).sort();
          const middle = quantile(ordered, level);
          expect(middle).toBeGreaterThanOrEqual(ordered[0]!);
          expect(middle).toBeLessThanOrEqual(quantile(ordered, Math.min(1, level + 0.1)) + 1e-6);
        },
      ),
    );
  });
});

it('arrays are known by their tag, not by their realm', () => {
  expect([new Float32Array(1), new Float64Array(1), [1], null].map(isFloat32Array)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([new Float32Array(1), new Float64Array(1), [1], null].map(isFloat64Array)).toEqual([
    false,
    true,
    false,
    false,
  ]);
});
