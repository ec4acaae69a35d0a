import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { realizedRate, thresholdByCost } from '../src/index';

const costs = { falseAlarmCost: 1, missCost: 10, anomalyRate: 0.2 };

describe('thresholdByCost', () => {
  it('lies in the middle of the gap between classes', () => {
    expect(thresholdByCost([3, 1, 2], [6, 9], costs)).toEqual({
      threshold: 4.5,
      expectedCost: 0,
      falseAlarms: { nAbove: 0, nScores: 3 },
      misses: { nBelow: 0, nScores: 2 },
    });
  });

  it('weighs false alarms and misses, by hand', () => {
    // above 2: one false alarm of 4 costs 0.8 / 4 = 0.2; above 5: one miss of 2 costs 0.2 * 10 / 2 = 1
    const set = thresholdByCost([0, 1, 2, 5], [4, 8], costs);
    expect(set).toMatchObject({ threshold: 3, falseAlarms: { nAbove: 1 }, misses: { nBelow: 0 } });
    expect(set.expectedCost).toBeCloseTo(0.2, 14);
    expect(thresholdByCost([0, 1, 2, 5], [4, 8], { ...costs, missCost: 1 }).threshold).toBe(6.5);
  });

  it('is never dearer than any other threshold', () => {
    const random = seededRandom(4);
    const normals = Array.from({ length: 60 }, () => Math.round(3 * drawNormal(random)));
    const anomalies = Array.from({ length: 25 }, () => Math.round(2 + 3 * drawNormal(random)));
    const cost = (threshold: number) =>
      0.8 * (normals.filter((score) => score > threshold).length / 60) +
      0.2 * 3 * (anomalies.filter((score) => score <= threshold).length / 25);
    const { threshold, expectedCost } = thresholdByCost(normals, anomalies, { ...costs, missCost: 3 });
    expect(expectedCost).toBeCloseTo(cost(threshold), 12);
    for (let other = -15; other < 15; other += 0.5) expect(cost(other)).toBeGreaterThan(expectedCost - 1e-12);
  });

  it('takes the fewest alarms of thresholds that cost the same', () => {
    const equal = { falseAlarmCost: 1, missCost: 1, anomalyRate: 0.5 };
    expect(thresholdByCost([1, 3], [2, 4], equal).threshold).toBe(3.5); // as dear as 1.5
    expect(thresholdByCost([1, 2], [3], { ...costs, falseAlarmCost: 0, missCost: 0 }).threshold).toBe(3);
  });

  it('knows no alarm and nothing but alarms', () => {
    expect(thresholdByCost([5], [1], { ...costs, anomalyRate: 0 }).threshold).toBe(5);
    for (const lowest of [-7, 0, 1e300]) {
      const all = thresholdByCost([lowest, 2e300], [lowest], { ...costs, anomalyRate: 1 });
      expect(all.threshold).toBeLessThan(lowest);
      expect(all).toMatchObject({ falseAlarms: { nAbove: 2 }, misses: { nBelow: 0 }, expectedCost: 0 });
    }
    const neighbours = thresholdByCost([1], [1 + Number.EPSILON], costs);
    expect(neighbours).toMatchObject({ threshold: 1, expectedCost: 0 });
  });

  it.each([
    [[], [1], costs, /normalScores must hold at least one score/],
    [[1], [], costs, /anomalousScores must hold at least one score/],
    [[1], [Number.NaN], costs, /anomalousScores\[0\]/],
    [[1], [2], { ...costs, missCost: -1 }, /missCost must/],
    [[1], [2], { ...costs, falseAlarmCost: Infinity }, /falseAlarmCost must/],
    [[1], [2], { ...costs, anomalyRate: 1.1 }, /anomalyRate must/],
    [[1], [2], { ...costs, cost: 1 }, /unknown option 'cost'/],
  ])('refuses %j, %j with %j', (normals, anomalies, options, message) => {
    expect(() => thresholdByCost(normals, anomalies, options)).toThrow(message);
  });
});

describe('realizedRate', () => {
  it('counts, with an interval', () => {
    const scores = Array.from({ length: 43 }, (_, i) => i);
    const { interval, ...counts } = realizedRate(scores, { threshold: 30 });
    expect(counts).toEqual({ nAbove: 12, nScores: 43, rate: 12 / 43 });
    expect(interval.lower).toBeCloseTo(0.1532892, 6); // SciPy: binomtest(12, 43).proportion_ci()
    expect(interval.upper).toBeCloseTo(0.436687, 6);
    expect(realizedRate([1, 2], { threshold: 2 })).toMatchObject({ nAbove: 0, interval: { lower: 0 } });
    expect(realizedRate([1, 2], { threshold: 0 })).toMatchObject({ nAbove: 2, interval: { upper: 1 } });
  });

  it.each([
    [[], { threshold: 1 }, /at least one score/],
    [[1], { threshold: Number.NaN }, /threshold must/],
    [[1], { threshold: 1, confidence: 0 }, /confidence must/],
  ])('refuses %j with %j', (scores, options, message) => {
    expect(() => realizedRate(scores, options)).toThrow(message);
  });
});
