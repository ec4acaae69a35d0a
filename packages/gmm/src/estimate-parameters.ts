import { CollapsedComponentError } from './errors';
import { estimateCovariances } from './estimate-covariances';
import type { PreparedData } from './log-density';
import type { Moments } from './moments';
import { checkNoOverflow, type MixtureParameters, type MixtureSizes } from './parameters';
import { precisionFactors } from './precision-factors';
import { weightedMeans } from './weighted-means';

/** Added to the rows of each component, so that no division is by zero (scikit-learn, `10 * eps`). */
const ROW_COUNT_FLOOR = 10 * Number.EPSILON;

/** What the M-step needs beside data and responsibilities. */
export interface EstimateOptions extends MixtureSizes {
  /** Added to every variance. */
  regCovar: number;
  /** For messages: the iteration of EM, 0 for the start. */
  iteration: number;
}

/**
 * The M-step: n_k = sum_i r_ik, w_k = n_k / sum n, m_k = sum_i r_ik x_i / n_k, covariances around m_k with regCovar
 * added to the variances (Bishop, "Pattern Recognition and Machine Learning", equations 9.24 to 9.26).
 *
 * @param responsibilities `[nComponents, nRows]`
 * @throws CollapsedComponentError where a component has no rows; DegenerateDataError (`overflow`).
 */
export function estimateMoments(
  data: PreparedData,
  responsibilities: Float64Array,
  { regCovar, iteration, ...sizes }: EstimateOptions,
): Moments {
  const counts = rowCounts(responsibilities, sizes.nComponents, iteration);
  const means = weightedMeans(data.x, responsibilities, counts);
  checkNoOverflow(means, 'a mean');
  const covariances = estimateCovariances(data, { responsibilities, counts, means }, { ...sizes, regCovar });
  checkNoOverflow(covariances, 'a covariance');
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { ...sizes, weights: counts.map((count) => count / total), means, covariances };
}

/** The M-step with the factors of the precisions. @throws also CollapsedComponentError for a singular covariance. */
export function estimateParameters(
  data: PreparedData,
  responsibilities: Float64Array,
  options: EstimateOptions,
): MixtureParameters {
  const moments = estimateMoments(data, responsibilities, options);
  return { ...moments, precisionsCholesky: precisionFactors(moments, options.iteration) };
}

function rowCounts(responsibilities: Float64Array, nComponents: number, iteration: number): Float64Array {
  const nRows = responsibilities.length / nComponents;
  return Float64Array.from({ length: nComponents }, (_, k) => {
    let sum = 0;
    for (let i = k * nRows; i < (k + 1) * nRows; i++) sum += responsibilities[i]!;
    // at this size the floor would decide where the mean lies
    if (!(sum > ROW_COUNT_FLOOR)) throw new CollapsedComponentError(k, iteration, 'no rows');
    return sum + ROW_COUNT_FLOOR;
  });
}
