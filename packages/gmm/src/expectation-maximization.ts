import { estimateParameters } from './estimate-parameters';
import { meanOf, normalizeDensities, type PreparedData, weightedLogDensities } from './log-density';
import type { MixtureParameters } from './parameters';

/** When the iteration ends. */
export interface IterationOptions {
  regCovar: number;
  /** It converges where the lower bound changes by less. */
  tol: number;
  maxIter: number;
  /** Lower bound that the first change counts from: -Infinity at a fresh start. */
  startLowerBound: number;
}

/** Result of one run of EM. */
export interface MixtureFit {
  parameters: MixtureParameters;
  converged: boolean;
  /** Lower bound of each iteration: the mean log-likelihood of its E-step, so before its M-step. */
  lowerBounds: number[];
}

/** Alternates E-step and M-step from the given parameters until the lower bound stands still. */
export function expectationMaximization(
  data: PreparedData,
  start: MixtureParameters,
  { regCovar, tol, maxIter, startLowerBound }: IterationOptions,
): MixtureFit {
  const { covarianceType, nComponents, nFeatures } = start;
  let parameters = start;
  let previous = startLowerBound;
  const lowerBounds: number[] = [];
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    const responsibilities = weightedLogDensities(data, parameters);
    const likelihoods = normalizeDensities('gmm.GaussianMixture.fit', responsibilities, data.x.nRows);
    const options = { covarianceType, nComponents, nFeatures, regCovar, iteration };
    parameters = estimateParameters(data, responsibilities, options);
    const lowerBound = meanOf(likelihoods);
    lowerBounds.push(lowerBound);
    if (Math.abs(lowerBound - previous) < tol) return { parameters, converged: true, lowerBounds };
    previous = lowerBound;
  }
  return { parameters, converged: false, lowerBounds };
}
