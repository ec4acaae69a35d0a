import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { gammaUpper } from '../src/distributions/gamma';
import { normalUpper } from '../src/distributions/normal';
import { TAILS, thresholdFromNormals } from '../src/index';

const random = seededRandom(20261129);

/** What scores are drawn from, and the probability above a score. */
const DISTRIBUTIONS = {
  normal: { draw: () => drawNormal(random), upper: normalUpper },
  gamma: {
    draw: () => -Math.log((1 - random()) * (1 - random())),
    upper: (score: number) => gammaUpper(2, score),
  },
  'Pareto, heavy': {
    draw: () => (1 - random()) ** (-1 / 3),
    upper: (score: number) => Math.max(1, score) ** -3,
  },
  'uniform, with an end': {
    draw: () => random(),
    upper: (score: number) => Math.min(1, Math.max(0, 1 - score)),
  },
};

// 300 draws: 0.95 less three standard errors is 0.912; 0.9 within chance of what is claimed at worst.
it.each(TAILS)('claims intervals that hold the realised rate: %s', (tail) => {
  const nDraws = 300;
  for (const [name, { draw, upper }] of Object.entries(DISTRIBUTIONS)) {
    for (const [n, falseAlarmRate] of [
      [40, 0.1],
      [200, 0.02],
      [60, 0.001],
    ] as const) {
      let nInside = 0;
      for (let i = 0; i < nDraws; i++) {
        const { threshold, interval } = thresholdFromNormals(Float64Array.from({ length: n }, draw), {
          falseAlarmRate,
          tail,
        });
        const rate = upper(threshold);
        if (rate >= interval.lower && rate <= interval.upper) nInside++;
      }
      expect({ name, n, held: nInside / nDraws > 0.912 }).toEqual({ name, n, held: true });
    }
  }
});

it('extrapolates: the rate of a tail that fits is near what was asked for', () => {
  for (const [tail, { draw, upper }] of [
    ['gamma', DISTRIBUTIONS.gamma],
    ['gpd', DISTRIBUTIONS.normal],
  ] as const) {
    let mean = 0;
    for (let i = 0; i < 100; i++) {
      const scores = Float64Array.from({ length: 400 }, draw);
      const set = thresholdFromNormals(scores, { falseAlarmRate: 0.002, tail });
      expect(set.extrapolated).toBe(true);
      mean += upper(set.threshold) / 100;
    }
    expect(mean).toBeGreaterThan(0.001);
    expect(mean).toBeLessThan(0.004);
  }
});
