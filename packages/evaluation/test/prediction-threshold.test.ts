import { seededRandom } from '@serial-oe/foundation';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { predictionThreshold } from '../src';
import golden from './golden/prediction-threshold.json';

it.each(golden.cases.map((each) => [each.scores.length, each] as const))(
  'of %d scores it is the limit that SciPy gives',
  (_, { scores, thresholds }) => {
    expectAllClose(
      golden.rates.map((rate) => predictionThreshold(scores, rate)),
      thresholds,
      { rtol: 1e-9, atol: 0 },
    );
  },
);

it('is exceeded by about as many new values as were asked for', () => {
  const random = seededRandom(1, 'prediction');
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let nAbove = 0;
  const nTrials = 20_000;
  for (let i = 0; i < nTrials; i++) {
    const scores = Array.from({ length: 8 }, normal);
    if (normal() > predictionThreshold(scores, 0.02)) nAbove++;
  }
  expect(nAbove / nTrials).toBeGreaterThan(0.017);
  expect(nAbove / nTrials).toBeLessThan(0.023);
});

it.each<[readonly number[], number, RegExp]>([
  [[1, 2], 0.1, /scores must be at least 3, got 2/],
  [[1, 1, 1], 0.1, /scores must differ, got 3 times 1/],
  [[1, 2, Number.NaN], 0.1, /scores\[2\] must be/],
  [[1, 2, 3], 0, /falseAlarmRate must be a number from/],
  [[1, 2, 3], 0.6, /falseAlarmRate must be a number from/],
])('refuses %j at %d', (scores, rate, message) => {
  expect(() => predictionThreshold(scores, rate)).toThrow(message);
});
