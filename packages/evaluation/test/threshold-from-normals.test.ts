import { thresholdFromNormals } from '../src';

describe('thresholdFromNormals', () => {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], 1 - rate)
  it.each([
    [0, 9],
    [0.1, 6.9],
    [0.25, 5.25],
    [0.5, 3.5],
  ])('is the linear quantile at 1 - %p', (rate, expected) => {
    expect(thresholdFromNormals([3, 1, 4, 1, 5, 9, 2, 6], rate)).toBeCloseTo(expected, 12);
  });

  it('is the score itself for a single clip', () => {
    expect(thresholdFromNormals([2.5], 0.1)).toBe(2.5);
  });

  it('lets the asked share of normal clips pass above it', () => {
    const scores = Array.from({ length: 1000 }, (_, i) => Math.sin(i * 12.9898) * 43.7);
    const threshold = thresholdFromNormals(scores, 0.1);
    expect(scores.filter((score) => score > threshold)).toHaveLength(100);
  });

  it.each([
    [[], 0.1, /at least one score/],
    [[1, Number.NaN], 0.1, /scores\[1\] must be a finite number/],
    [[1], 1, /falseAlarmRate must be a number in \[0, 1\), got 1/],
    [[1], Number.NaN, /falseAlarmRate/],
  ])('refuses %p at rate %p', (scores, rate, message) => {
    expect(() => thresholdFromNormals(scores, rate)).toThrow(message);
  });
});
