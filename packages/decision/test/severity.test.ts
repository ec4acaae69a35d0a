import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { calibrate, severity, thresholdFromNormals } from '../src/index';

const scale = { median: -321, threshold: -301 };

describe('severity', () => {
  it('is 0 at the median, 50 at the threshold, and grows without reaching 100', () => {
    const scores = [-Infinity, -400, -321, -311, -301, -281, -141, 1e6, Infinity];
    const expected = [0, 0, 0, 100 / 3, 50, 200 / 3, 90, 100 * (1 - 20 / 1000341), 100];
    for (const [i, score] of scores.entries()) expect(severity(score, scale)).toBeCloseTo(expected[i]!, 10);
    expect(severity(-301, scale)).toBe(50);
    expect(severity(1e12, scale)).toBeLessThan(100);
    let last = 0;
    for (let score = -320.9; score < 5000; score += 0.7) {
      const now = severity(score, scale);
      expect(now).toBeGreaterThan(last);
      last = now;
    }
  });

  it('is above 50 where the rule says anomalous, also with a threshold at or below the median', () => {
    for (const threshold of [-321, -322, -300.3]) {
      for (const score of [-400, -322, -321.5, -321, -300.3, -300.2, 0]) {
        expect(severity(score, { median: -321, threshold }) > 50).toBe(score > threshold);
      }
    }
    expect(severity(7, { median: 7, threshold: 7 })).toBe(50);
  });

  it('never is NaN at the ends of float64', () => {
    const big = Number.MAX_VALUE;
    for (const score of [-big, 0, big]) {
      const value = severity(score, { median: -big, threshold: big });
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
    }
    expect(severity(big, { median: -big, threshold: big })).toBe(50);
  });

  it('does not care for the unit: two machines read the same', () => {
    const random = seededRandom(8);
    const scores = Array.from({ length: 100 }, () => drawNormal(random));
    const quiet = thresholdFromNormals(scores, { falseAlarmRate: 0.05 });
    const loud = thresholdFromNormals(
      scores.map((score) => 48_538 + 700 * score),
      { falseAlarmRate: 0.05 },
    );
    for (const score of [-1, 0.4, 1, 2, 5]) {
      expect(loud.severity(48_538 + 700 * score)).toBeCloseTo(quiet.severity(score), 8);
      expect(calibrate(scores).severity(score, quiet.threshold)).toBe(quiet.severity(score));
    }
    expect(quiet.severity(quiet.threshold)).toBe(50);
  });

  it.each([
    [Number.NaN, scale, /score must be a number, got NaN/],
    ['x', scale, /score must/],
    [1, { median: Infinity, threshold: 2 }, /median must be a finite number/],
    [1, { median: 1, threshold: Number.NaN }, /threshold must be a finite number/],
  ])('refuses %j with %j', (score, options, message) => {
    expect(() => severity(score as number, options)).toThrow(message);
  });
});
