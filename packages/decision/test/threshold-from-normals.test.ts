import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { calibrate, NormalThreshold, TAILS, type ThresholdOptions, thresholdFromNormals } from '../src/index';

const random = seededRandom(20261129);
const normals = (n: number) => Float64Array.from({ length: n }, () => drawNormal(random));

describe('thresholdFromNormals', () => {
  it('takes the order statistic that a new score exceeds at the rate', () => {
    const scores = Array.from({ length: 99 }, (_, i) => 99 - i);
    const at = (falseAlarmRate: number) => thresholdFromNormals(scores, { falseAlarmRate });
    expect(at(0.05).threshold).toBe(95); // 4 of 99 are above: 5 of 100 expected
    expect(at(0.07).threshold).toBe(93); // 100 * 0.07 is 7.000000000000001
    expect(at(0.29).threshold).toBe(71); // 100 * 0.29 is 28.999999999999996
    expect(at(0.01)).toMatchObject({ threshold: 99, extrapolated: false });
    expect(at(0.009)).toMatchObject({ threshold: 99, extrapolated: true });
    expect(at(0.999).threshold).toBe(1);
    expect(thresholdFromNormals([4], { falseAlarmRate: 0.1 })).toMatchObject({
      threshold: 4,
      extrapolated: true,
      interval: { lower: expect.closeTo(0.025, 12), upper: expect.closeTo(0.975, 12) },
    });
  });

  it('takes a rate a time', () => {
    const scores = normals(500);
    const { falseAlarmRate, askedFor } = thresholdFromNormals(scores, {
      falseAlarmRate: { alarms: 2, per: 'day', everySeconds: 10 },
    });
    expect(falseAlarmRate).toBeCloseTo(2 / 8640, 15);
    expect(askedFor).toEqual({ alarms: 2, per: 'day', everySeconds: 10 });
    const hourly = thresholdFromNormals(scores, {
      falseAlarmRate: { alarms: 9, per: 'hour', everySeconds: 4 },
    });
    expect(hourly.threshold).toBe(thresholdFromNormals(scores, { falseAlarmRate: 0.01 }).threshold);
  });

  it('does not care where scores lie or in what unit', () => {
    const scores = normals(80);
    const moved = scores.map((score) => 48_538 + 1000 * score);
    for (const tail of TAILS) {
      const options: ThresholdOptions = { falseAlarmRate: 0.01, tail };
      const expected = 48_538 + 1000 * thresholdFromNormals(scores, options).threshold;
      expect(thresholdFromNormals(moved, options).threshold / expected).toBeCloseTo(1, 6);
    }
  });

  it('says what is anomalous and survives JSON', () => {
    const scores = normals(50);
    const sessions = Array.from(scores, (_, i) => (i % 3 === 0 ? 'Monday' : 7));
    for (const options of [{ sessions }, { tail: 'gpd' as const }]) {
      const set = thresholdFromNormals(scores, { falseAlarmRate: 0.1, ...options });
      expect(set.isAnomalous(set.threshold)).toBe(false);
      expect(set.isAnomalous(set.threshold + 1e-9)).toBe(true);
      expect(() => set.isAnomalous(Number.NaN)).toThrow(/score must be a number, got NaN/);
      expect(set.percentile(set.threshold)).toBe(calibrate(scores).percentile(set.threshold));
      expect(() => set.percentile(Number.NaN)).toThrow(/score must be a number, got NaN/);
      const again = NormalThreshold.fromJSON(JSON.stringify(set));
      expect(again).toEqual(set);
      expect([again.nNormalScores, again.nSessions]).toEqual([50, 'sessions' in options ? 2 : 0]);
    }
  });

  it.each([
    [[], {}, /scores must hold at least one score, got 0/],
    [[1, Number.NaN], {}, /scores\[1\] must be a finite number, got NaN/],
    [[1, 'x'], {}, /scores\[1\]/],
    [[1, 2], { falseAlarmRate: 0 }, /falseAlarmRate must be a number in \(0, 1\), got 0/],
    [[1, 2], { falseAlarmRate: 1 }, /got 1/],
    [[1, 2], { falseAlarmRate: undefined }, /falseAlarmRate must/],
    [[1, 2], { falseAlarmRate: null }, /falseAlarmRate: options must be an object, got null/],
    [
      [1, 2],
      { falseAlarmRate: { alarms: 1, per: 'year', everySeconds: 1 } },
      /per must be one of 'hour', 'day'/,
    ],
    [
      [1, 2],
      { falseAlarmRate: { alarms: 9, per: 'hour', everySeconds: 600 } },
      /share of clips must .* got 1.5/,
    ],
    [[1, 2], { falseAlarmRate: { alarms: 9, per: 'hour', every: 600 } }, /unknown option 'every'/],
    [[1, 2], { tail: 'normal' }, /tail must be one of 'empirical', 'gamma', 'gpd'/],
    [[1, 2], { tail: 'gamma' }, /scores must be at least 10 scores, got 2/],
    [Array(10).fill(3), { tail: 'gamma' }, /must differ for the tail 'gamma', got 10 times 3/],
    [[...Array(30).fill(3), 1], { tail: 'gpd' }, /the 10 highest scores must differ/],
    [[1, 2], { confidence: 1 }, /confidence must be a number in \(0, 1\)/],
    [[1, 2], { rate: 0.1 }, /unknown option 'rate'/],
    [[1, 2], { sessions: ['a'] }, /sessions must name one a score, got 1 for 2 scores/],
    [[1, 2], { sessions: ['a', null] }, /sessions\[1\] must be a string or a finite number, got null/],
    [[1, 2], { sessions: ['a', 'a'] }, /sessions must name at least two, got 1/],
  ])('refuses %j with %j', (scores, options, message) => {
    const all = { falseAlarmRate: 0.1, ...options } as ThresholdOptions;
    expect(() => thresholdFromNormals(scores as number[], all)).toThrow(message);
  });

  it.each([
    [{ threshold: null }, /threshold must/],
    [{ askedFor: 2 }, /falseAlarmRate must/],
    [{ tail: 'x' }, /tail must/],
    [{ interval: { lower: 0, upper: 2, confidence: 0.9 } }, /interval.upper must/],
    [{ interval: null }, /interval.lower must/],
    [{ extrapolated: 1 }, /extrapolated must be a boolean/],
    [{ normalScores: [] }, /normalScores must/],
    [{ sessions: ['a'] }, /sessions must name one a score/],
    [{ kind: 'other' }, /kind/],
  ])('refuses JSON with %j', (fields, message) => {
    const json = thresholdFromNormals([1, 2, 3], { falseAlarmRate: 0.3 }).toJSON();
    expect(() => NormalThreshold.fromJSON({ ...json, ...fields } as never)).toThrow(message);
  });
});
