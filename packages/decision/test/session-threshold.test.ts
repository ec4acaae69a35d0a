import { thresholdFromNormals } from '../src/index';

const RATE = 0.05;

it('is far out for two days, and says that it extrapolates', () => {
  const scores = Array.from({ length: 40 }, (_, i) => (i % 2) + ((i * 7) % 20) / 100);
  const sessions = scores.map((_, i) => i % 2);
  const two = thresholdFromNormals(scores, { falseAlarmRate: RATE, sessions });
  expect(two.threshold).toBeGreaterThan(4);
  expect(two).toMatchObject({ extrapolated: true, nSessions: 2 });
  const few = thresholdFromNormals(scores, { falseAlarmRate: 0.4, sessions });
  expect(few.extrapolated).toBe(false);
});

it('needs no spread: sessions that are all alike', () => {
  const scores = [1, 2, 3, 1, 2, 3];
  const { threshold, interval } = thresholdFromNormals(scores, {
    falseAlarmRate: 0.2,
    sessions: ['a', 'a', 'a', 'b', 'b', 'b'],
  });
  expect(threshold).toBe(3);
  expect(interval.upper).toBeGreaterThan(0.3);
  const same = thresholdFromNormals([2, 2, 2, 2], { falseAlarmRate: 0.2, sessions: [1, 1, 2, 2] });
  expect(same.threshold).toBe(2);
  expect([same.interval.lower, same.interval.upper].every((rate) => rate >= 0 && rate <= 1)).toBe(true);
});
