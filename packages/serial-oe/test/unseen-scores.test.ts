import { seededRandom } from '@serial-oe/foundation';
import { asUnseen, asUnseenOfBorrower, measureUnseenShift } from '../src/model/unseen-scores';

/** Scores of seen clips about `mean`, and of held-out ones `farther` deviations above and `wider` times as far spread. */
function machine(n: number, { mean = 3, farther = 0, wider = 1, share = 1 / 6, seed = 1 } = {}) {
  const random = seededRandom(seed, 'scores');
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const isHeldOut = Array.from({ length: n }, (_, i) => i < n * share);
  const scores = isHeldOut.map((held) => mean + 0.5 * (held ? farther + wider * normal() : normal()));
  return { scores, isHeldOut };
}

const momentsOf = (scores: readonly number[]) => {
  const mean = scores.reduce((sum, score) => sum + score / scores.length, 0);
  return { mean, deviation: Math.sqrt(scores.reduce((sum, s) => sum + (s - mean) ** 2 / scores.length, 0)) };
};

it('finds how far clips lie that the extractor has not seen, pooled over machines of other levels', () => {
  const machines = [3, -40, 1000].map((mean, seed) => machine(1200, { mean, farther: 2, wider: 1.5, seed }));
  const { mean, deviation } = measureUnseenShift(machines);
  expect(mean).toBeCloseTo(2, 0);
  expect(Math.abs(deviation - 1.5)).toBeLessThan(0.15);
});

it('an extractor that does not tell seen from unseen shifts nothing, given clips enough', () => {
  const { mean, deviation } = measureUnseenShift([machine(6000)]);
  expect(Math.abs(mean)).toBeLessThan(0.1);
  expect(Math.abs(deviation - 1)).toBeLessThan(0.1);
});

it('without clips that were held out it takes what was measured on others; one far out does not decide', () => {
  const prior = measureUnseenShift([]);
  expect(prior).toEqual({ mean: 1.2, deviation: 1.8 });
  expect(measureUnseenShift([machine(20, { share: 0 })])).toEqual(prior);
  const { scores, isHeldOut } = machine(20, { share: 0.05 });
  const withOutlier = { scores: [1e6, ...scores.slice(1)], isHeldOut };
  expect(measureUnseenShift([withOutlier]).mean).toBeLessThan(3);
});

it('moves seen scores and leaves the others; held-out and moved scores then lie alike', () => {
  const one = machine(3000, { farther: 2, wider: 1.5 });
  const moved = asUnseen(one, measureUnseenShift([one]));
  const isAt = (held: boolean) => momentsOf(moved.filter((_, i) => one.isHeldOut[i] === held));
  expect(moved.filter((_, i) => one.isHeldOut[i])).toEqual(one.scores.filter((_, i) => one.isHeldOut[i]));
  expect(Math.abs(isAt(true).mean - isAt(false).mean)).toBeLessThan(0.1);
  expect(Math.abs(isAt(true).deviation - isAt(false).deviation)).toBeLessThan(0.1);
});

it('scores of too few clips, or all the same, stay as they are', () => {
  const shift = { mean: 2, deviation: 2 };
  expect(asUnseen({ scores: [1, 2, 3], isHeldOut: [false, false, true] }, shift)).toEqual([1, 2, 3]);
  const equal = { scores: [2, 2, 2, 2, 5], isHeldOut: [false, false, false, false, true] };
  expect(asUnseen(equal, shift)).toEqual(equal.scores);
  expect(measureUnseenShift([equal])).toEqual({ mean: 1.2, deviation: 1.8 });
});

it('a machine that borrows is moved in the deviations of its lenders', () => {
  const lenders = [machine(2000, { mean: 3 }), machine(2000, { mean: -40, seed: 2 })]; // deviation 0.5 each
  const shift = { mean: 2, deviation: 1.5 };
  expect(asUnseenOfBorrower(7, { center: 7, lenders, shift })).toBeCloseTo(7 + (2 + 4) * 0.5, 1);
  expect(asUnseenOfBorrower(7.6, { center: 7, lenders, shift })).toBeCloseTo(
    7 + (2 + 4) * 0.5 + 1.5 * 0.6,
    1,
  );
  expect(asUnseenOfBorrower(7, { center: 7, lenders: [], shift })).toBe(7);
});
