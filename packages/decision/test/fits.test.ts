import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { logGamma } from '../src/distributions/log-gamma';
import { fitGamma, type GammaParameters, gammaScore } from '../src/threshold/fit-gamma';
import { fitGeneralizedPareto, paretoExcess } from '../src/threshold/fit-generalized-pareto';

const golden = JSON.parse(readFileSync(join(__dirname, 'golden/decision.json'), 'utf8'));
const TOLERANCE: number = golden.tolerance.fits;

interface GammaCase extends GammaParameters {
  scores: number[];
  negativeLogLikelihood: number;
  upper: number[];
  thresholds: number[];
}

function negativeLogLikelihood({ shape, location, scale }: GammaParameters, scores: number[]): number {
  const one = (score: number) => {
    const x = (score - location) / scale;
    return x - (shape - 1) * Math.log(x) + logGamma(shape) + Math.log(scale);
  };
  return scores.reduce((sum, score) => sum + one(score), 0);
}

it.each(golden.gammas as GammaCase[])("fits SciPy's gamma of shape $shape", (expected) => {
  const fit = fitGamma(Float64Array.from(expected.scores));
  expect(negativeLogLikelihood(fit, expected.scores)).toBeLessThan(expected.negativeLogLikelihood + 1e-6);
  for (const name of ['shape', 'scale'] as const) {
    expect(Math.abs(fit[name] / expected[name] - 1)).toBeLessThan(TOLERANCE);
  }
  for (const [i, upper] of expected.upper.entries()) {
    const error = gammaScore(fit, upper) - expected.thresholds[i]!;
    expect(Math.abs(error) / fit.scale).toBeLessThan(TOLERANCE);
  }
});

it('fits a gamma where the likelihood has no maximum', () => {
  const random = seededRandom(3);
  const leaning = Float64Array.from({ length: 400 }, () => -Math.exp(drawNormal(random)));
  const fit = fitGamma(leaning);
  expect(Object.values(fit).every(Number.isFinite)).toBe(true);
  const deviation = fit.scale * Math.sqrt(fit.shape);
  const mean = fit.location + fit.scale * fit.shape;
  expect((gammaScore(fit, 0.01) - mean) / deviation).toBeCloseTo(2.3263, 1); // a normal distribution's

  const steep = Float64Array.from({ length: 400 }, () => random() ** 6); // a shape far below 1
  expect(fitGamma(steep).shape).toBeCloseTo(1, 3);
});

interface ParetoCase {
  excesses: number[];
  shape: number;
  scale: number;
  upper: number[];
  quantiles: number[];
}

it.each(golden.paretos as ParetoCase[])("fits SciPy's generalised Pareto of shape $shape", (expected) => {
  const fit = fitGeneralizedPareto(Float64Array.from(expected.excesses));
  expect(Math.abs(fit.shape - expected.shape)).toBeLessThan(TOLERANCE);
  expect(Math.abs(fit.scale / expected.scale - 1)).toBeLessThan(TOLERANCE);
  for (const [i, upper] of expected.upper.entries()) {
    expect(Math.abs(paretoExcess(fit, upper) / expected.quantiles[i]! - 1)).toBeLessThan(10 * TOLERANCE);
  }
});

it('keeps the shape of a Pareto tail within [-1/2, 1], and knows the exponential one', () => {
  const ends = Float64Array.from({ length: 50 }, (_, i) => Math.sqrt(i / 50)); // piles up at its end
  expect(fitGeneralizedPareto(ends).shape).toBeCloseTo(-0.5, 6);
  const wild = Float64Array.from({ length: 50 }, (_, i) => ((i + 0.5) / 50) ** -3);
  expect(fitGeneralizedPareto(wild).shape).toBeCloseTo(1, 6);
  expect(paretoExcess({ shape: 0, scale: 2 }, Math.exp(-3))).toBeCloseTo(6, 12);
  expect(paretoExcess({ shape: 1e-10, scale: 2 }, Math.exp(-3))).toBeCloseTo(6, 8);
});
