import fc from 'fast-check';
import { resampledAuc, rocAuc } from '../src/index';

const repeated = <T>(values: readonly T[], counts: readonly number[]): T[] =>
  values.flatMap((value, i) => Array<T>(counts[i] as number).fill(value));

it('equals the figures of the clips that are drawn, ties and all', () => {
  const clip = fc.tuple(
    fc.constantFrom(0, 1),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
  );
  fc.assert(
    fc.property(
      fc.array(clip, { minLength: 2, maxLength: 12 }),
      fc.constantFrom(0.1, 0.37, 1),
      (clips, maxFpr) => {
        // One of each class is drawn for certain.
        const all = [...clips, [0, 0.5, 1] as const, [1, 0.5, 2] as const];
        const labels = all.map(([label]) => label);
        const scores = all.map(([, score]) => score);
        const counts = all.map(([, , count]) => count);
        const figure = resampledAuc(labels, scores)(counts, { maxFpr });
        expect(figure).toBe(rocAuc(repeated(labels, counts), repeated(scores, counts), { maxFpr }));
      },
    ),
  );
});

it('starts anew for every resample', () => {
  const figure = resampledAuc(['normal', 'normal', 'anomaly'], [1, 3, 2]);
  expect([figure([1, 1, 1]), figure([2, 0, 1]), figure([1, 1, 1])]).toEqual([0.5, 1, 0.5]);
});

it('refuses counts of another number, or of one class alone', () => {
  const figure = resampledAuc([0, 1], [1, 2]);
  expect(() => figure([1])).toThrow('counts must be one for each of 2 clips, got 1');
  expect(() => figure([2, 0])).toThrow('counts must draw both classes, got 2 normal and 0 anomalous clips');
  expect(() => figure([1, 1], { maxFpr: 0 })).toThrow(/maxFpr must be above 0/);
});
