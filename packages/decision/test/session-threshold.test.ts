import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { thresholdFromNormals } from '../src/index';

const RATE = 0.05;
const golden = JSON.parse(readFileSync(join(__dirname, 'golden/decision.json'), 'utf8'));

interface SessionCase {
  scores: number[];
  sessions: number[];
  rate: number;
  threshold: number;
}

it.each(golden.sessions as SessionCase[])(
  'is that of a fine integration by SciPy: rate $rate',
  (expected) => {
    const { scores, sessions, rate } = expected;
    const { threshold } = thresholdFromNormals(scores, { falseAlarmRate: rate, sessions });
    expect(Math.abs(threshold / expected.threshold - 1)).toBeLessThan(golden.tolerance.sessions);
    const names = sessions.map((session) => `day ${session}`);
    const shuffled = (values: ArrayLike<unknown>) => [...Array.from(values)].reverse();
    const again = thresholdFromNormals(shuffled(scores) as number[], {
      falseAlarmRate: rate,
      sessions: shuffled(names) as string[],
    });
    expect(again.threshold).toBeCloseTo(threshold, 8); // neither order nor kind of label counts
  },
);

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
