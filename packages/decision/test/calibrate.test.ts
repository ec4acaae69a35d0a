import { calibrate, fuseScores, ScoreCalibration } from '../src/index';

describe('calibrate', () => {
  const calibration = calibrate([3, 1, 2, 6]); // mean 3, sample deviation sqrt(14 / 3)

  it('gives z-scores', () => {
    expect(calibration.mean).toBe(3);
    expect(calibration.deviation).toBeCloseTo(Math.sqrt(14 / 3), 14);
    expect(calibration.zScore(3)).toBe(0);
    expect(calibration.zScore(3 + 2 * Math.sqrt(14 / 3))).toBeCloseTo(2, 12);
  });

  it('gives percentiles that are never 0 or 1', () => {
    expect([0, 1, 1.5, 6, 7].map((score) => calibration.percentile(score))).toEqual([
      0.1, 0.2, 0.3, 0.8, 0.9,
    ]);
  });

  it('survives JSON', () => {
    const again = ScoreCalibration.fromJSON(JSON.stringify(calibration));
    expect(again).toEqual(calibration);
    expect(again.zScore(17)).toBe(calibration.zScore(17));
  });

  it('mixes its own deviation with the one expected, by the number of scores', () => {
    const prior = { deviation: 2, weight: 4 };
    expect(calibrate([5], { prior }).zScore(9)).toBe(2);
    expect(calibrate([1, 2, 3], { prior }).deviation).toBeCloseTo(Math.sqrt((4 * 2 ** 2 + 2) / (4 + 2)), 14);
    const many = Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(calibrate(many, { prior }).deviation).toBeCloseTo(1, 2);
    expect(calibrate([5, 5, 5], { prior }).deviation).toBeGreaterThan(0);
  });

  it.each([
    [[], {}, /at least one score/],
    [[1], {}, /at least 3 that differ, got 1/],
    [[2, 2, 2, 2], {}, /at least 3 that differ, got 4/],
    [Array(20).fill(1), {}, /at least 3 that differ, got 20/], // their mean is 1.0000000000000002
    [[1, Number.NaN, 2], {}, /normalScores\[1\] must be a finite number, got NaN/],
    [[1, 2, Number.POSITIVE_INFINITY], {}, /normalScores\[2\]/],
    [[1], { prior: { deviation: 0, weight: 3 } }, /prior.deviation must be a finite number above 0, got 0/],
    [[1], { prior: { deviation: 1, weight: -1 } }, /prior.weight must be a finite number above 0, got -1/],
    [[1, 2, 3], { fallback: 1 }, /unknown option 'fallback'/],
  ])('refuses %j with %j', (scores, options, message) => {
    expect(() => calibrate(scores, options as object)).toThrow(message);
  });

  it.each([
    [{ mean: null }, /mean/],
    [{ deviation: -1 }, /deviation must be a finite number above 0, got -1/],
    [{ normalScores: 3 }, /normalScores must be a list/],
    [{ normalScores: [1, 'x'] }, /normalScores\[1\]/],
    [{ kind: 'other' }, /kind/],
    [{ version: 9 }, /version/],
  ])('refuses JSON with %j', (fields, message) => {
    expect(() => ScoreCalibration.fromJSON({ ...calibration.toJSON(), ...fields } as never)).toThrow(message);
  });
});

describe('fuseScores', () => {
  it('is mean, maximum or minimum', () => {
    expect(fuseScores([1, 4, -2], 'mean')).toBe(1);
    expect(fuseScores([1, 4, -2], 'max')).toBe(4);
    expect(fuseScores(Float64Array.of(1, 4, -2), 'min')).toBe(-2);
    expect(fuseScores([7], 'mean')).toBe(7);
  });

  it.each([
    [[], 'mean', /at least one score/],
    [[1, Number.NaN], 'max', /scores\[1\] must be a number, got NaN/],
    [[1], 'median', /fusion must be one of 'mean', 'max', 'min', got 'median'/],
  ])('refuses %j by %s', (scores, fusion, message) => {
    expect(() => fuseScores(scores, fusion as 'mean')).toThrow(message);
  });
});
