import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { normalUpper } from '../src/distributions/normal';
import { type ThresholdOptions, thresholdFromNormals } from '../src/index';

const random = seededRandom(14);
const RATE = 0.05;

/** Means of days, in standard deviations of the clips of a day. */
const DAYS = {
  normal: () => drawNormal(random),
  uniform: () => Math.sqrt(12) * (random() - 0.5),
};

interface Recording {
  nDays: number;
  nClips: number;
  /** Mean of one more day. */
  day: () => number;
}

function record({ nDays, nClips, day }: Recording): { scores: number[]; sessions: number[] } {
  const sessions = Array.from({ length: nDays * nClips }, (_, i) => Math.floor(i / nClips));
  const means = Array.from({ length: nDays }, day);
  return { scores: sessions.map((session) => means[session]! + drawNormal(random)), sessions };
}

/** Mean realised rate over new days in units of the rate asked for, with and without sessions, and how often its interval holds it. */
function simulate(recording: Recording, options: Partial<ThresholdOptions> = {}, nDraws = 60) {
  const newDays = Array.from({ length: 400 }, recording.day);
  const rateAbove = (threshold: number) =>
    newDays.reduce((sum, mean) => sum + normalUpper(threshold - mean) / newDays.length, 0);
  const result = { by: 0, without: 0, held: 0 };
  for (let i = 0; i < nDraws; i++) {
    const { scores, sessions } = record(recording);
    const { threshold, interval } = thresholdFromNormals(scores, {
      falseAlarmRate: RATE,
      sessions,
      ...options,
    });
    const rate = rateAbove(threshold);
    const plain = thresholdFromNormals(scores, { falseAlarmRate: RATE }).threshold;
    result.by += rate / RATE / nDraws;
    result.without += rateAbove(plain) / RATE / nDraws;
    if (rate >= interval.lower && rate <= interval.upper) result.held += 1 / nDraws;
  }
  return result;
}

it.each([
  { name: 'normal', nDays: 3, nClips: 40, spread: 1.5 },
  { name: 'normal', nDays: 5, nClips: 20, spread: 1.5 },
  { name: 'uniform', nDays: 5, nClips: 40, spread: 1 },
  { name: 'normal', nDays: 8, nClips: 12, spread: 2 },
] as const)(
  'holds the rate on new days: $nDays days, $name, spread $spread',
  ({ name, nDays, nClips, spread }) => {
    const { by, without, held } = simulate({ nDays, nClips, day: () => spread * DAYS[name]() });
    expect(by).toBeLessThan(1.5);
    expect(without).toBeGreaterThan(1.2 * by);
    expect(held).toBeGreaterThan(0.87); // 0.95 less three standard errors of 60 draws
  },
);

it('misses it without sessions where days differ', () => {
  const { by, without } = simulate({ nDays: 4, nClips: 25, day: () => 1.5 * drawNormal(random) });
  expect(without).toBeGreaterThan(1.8);
  expect(by).toBeLessThan(1.5);
});

it('costs little where days do not differ', () => {
  const { by, without } = simulate({ nDays: 10, nClips: 20, day: () => 0 });
  expect(by).toBeGreaterThan(0.6);
  expect(without).toBeLessThan(1.25);
});

it.each(['gamma', 'gpd'] as const)('counts days with the tail of %s', (tail) => {
  const { by, held } = simulate({ nDays: 5, nClips: 30, day: () => drawNormal(random) }, { tail }, 40);
  expect(by).toBeLessThan(1.5);
  expect(held).toBeGreaterThan(0.84);
});
