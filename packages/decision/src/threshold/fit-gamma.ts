import { gammaQuantile } from '../distributions/gamma';
import { digamma, logGamma } from '../distributions/log-gamma';
import { solveDecreasing } from '../distributions/solve';
import { maximize } from './maximize';

/** A gamma distribution whose lowest value is `location`. */
export interface GammaParameters {
  shape: number;
  location: number;
  scale: number;
}

/** Logarithms of the distance from the location to the lowest score, in standard deviations. */
const NEAREST = Math.log(1e-6);
/** Farther away it is a normal distribution to the fourth digit. */
const FARTHEST = Math.log(100);
const SHAPES = { low: 1, high: 1e8 };

/**
 * The gamma distribution of three parameters that is most likely, as SciPy's `gamma.fit` looks for it. The shape is held at 1 or
 * above, since below it the likelihood grows without bound where the location comes near the lowest score; and the location lies
 * at most 100 deviations below the lowest score, where scores that lean to the left would carry it to minus infinity (a normal
 * distribution).
 *
 * @param scores finite, not all the same
 */
export function fitGamma(scores: Float64Array): GammaParameters {
  const n = scores.length;
  const lowest = scores.reduce((least, score) => Math.min(least, score), Infinity);
  const mean = scores.reduce((sum, score) => sum + score / n, 0);
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2 / n, 0));
  const standardized = scores.map((score) => (score - lowest) / deviation);
  const average = (mean - lowest) / deviation;
  const at = (logGap: number) => {
    const gap = Math.exp(logGap);
    const meanLog = standardized.reduce((sum, x) => sum + Math.log(x + gap) / n, 0);
    const shape = gammaShape(Math.log(average + gap) - meanLog);
    return { gap, meanLog, shape, scale: (average + gap) / shape };
  };
  const logLikelihood = (logGap: number) => {
    const { meanLog, shape, scale } = at(logGap);
    return (shape - 1) * meanLog - shape - shape * Math.log(scale) - logGamma(shape);
  };
  const { gap, shape, scale } = at(maximize(logLikelihood, NEAREST, FARTHEST));
  return { shape, location: lowest - gap * deviation, scale: scale * deviation };
}

/**
 * The shape of a gamma distribution at location 0 that is most likely: log(shape) - digamma(shape) = log(mean) - mean(log).
 * @see N. L. Johnson, S. Kotz, N. Balakrishnan, "Continuous Univariate Distributions" 1 (1994), 17.7
 */
function gammaShape(logMeanExcess: number): number {
  return solveDecreasing((shape) => Math.log(shape) - digamma(shape) - logMeanExcess, SHAPES);
}

/** The score that is exceeded with the probability `upper`. */
export function gammaScore({ shape, location, scale }: GammaParameters, upper: number): number {
  return location + scale * gammaQuantile(shape, upper);
}
