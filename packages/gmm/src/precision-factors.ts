import {
  cholesky,
  covarianceOfPrecisionFactor,
  inverseTransposed,
  upperCholesky,
} from '@serial-oe/foundation';
import { CollapsedComponentError } from './errors';
import type { Moments } from './moments';
import type { MixtureSizes } from './parameters';

/**
 * Standard deviations under this many roundings of the mean are noise: the rows of the component are equal as far as
 * float64 can tell, whatever the rounding of their mean has left as a variance.
 */
const DEVIATION_ROUNDINGS = 16;

/**
 * Factors P of the precisions, P P^T = C^-1: upper triangular for full and tied, 1 / sqrt(v) for diag and spherical.
 *
 * @param iteration for the message.
 * @throws CollapsedComponentError where a covariance is singular within rounding.
 */
export function precisionFactors(moments: Moments, iteration: number): Float64Array {
  const { covarianceType, nFeatures, covariances } = moments;
  if (covarianceType === 'diag' || covarianceType === 'spherical')
    return deviationInverses(moments, iteration);
  const size = nFeatures * nFeatures;
  const factors = new Float64Array(covariances.length);
  for (let k = 0; k * size < covariances.length; k++) {
    const floors = pivotFloors(moments, k);
    const lower = cholesky(covariances, floors, k * size);
    if (typeof lower === 'number') {
      throw new CollapsedComponentError(k, iteration, `no variance of its own left in column ${lower}`);
    }
    factors.set(inverseTransposed(lower, nFeatures), k * size);
  }
  return factors;
}

/** The k-th covariance's variances times their rounding, D eps, and the noise of the mean. */
function pivotFloors(moments: Moments, k: number): Float64Array {
  const { nFeatures, covariances } = moments;
  const floors = noiseVariances(moments, k);
  for (let j = 0; j < nFeatures; j++) {
    const variance = covariances[(k * nFeatures + j) * nFeatures + j]!;
    floors[j] = Math.max(floors[j]!, nFeatures * Number.EPSILON * variance);
  }
  return floors;
}

/** `[nFeatures]`: variance that the rounding of the mean of component k (tied: of all) can leave in each column. */
function noiseVariances({ covarianceType, nComponents, nFeatures, means }: Moments, k: number): Float64Array {
  const components = covarianceType === 'tied' ? Array.from({ length: nComponents }, (_, i) => i) : [k];
  return Float64Array.from({ length: nFeatures }, (_, j) => {
    const largest = Math.max(...components.map((i) => Math.abs(means[i * nFeatures + j]!)));
    return (DEVIATION_ROUNDINGS * Number.EPSILON * largest) ** 2;
  });
}

function deviationInverses(moments: Moments, iteration: number): Float64Array {
  const { covarianceType, nComponents, nFeatures, covariances } = moments;
  for (let k = 0; k < nComponents; k++) {
    const noise = noiseVariances(moments, k);
    if (covarianceType === 'spherical') {
      if (!(covariances[k]! > noise.reduce((sum, variance) => sum + variance, 0) / nFeatures)) {
        throw new CollapsedComponentError(k, iteration, 'no variance left');
      }
      continue;
    }
    const column = noise.findIndex((variance, j) => !(covariances[k * nFeatures + j]! > variance));
    if (column >= 0) throw new CollapsedComponentError(k, iteration, `no variance left in column ${column}`);
  }
  return covariances.map((variance) => 1 / Math.sqrt(variance));
}

/**
 * Factors of precisions that the caller gave, as {@link precisionFactors}.
 *
 * @throws RangeError where a precision is not positive (definite) or not symmetric.
 */
export function factorsOfPrecisions(precisions: Float64Array, sizes: MixtureSizes): Float64Array {
  const where = 'gmm.GaussianMixture.fit: precisionsInit';
  const { covarianceType, nFeatures } = sizes;
  if (covarianceType === 'diag' || covarianceType === 'spherical') {
    const bad = precisions.find((precision) => !(precision > 0));
    if (bad !== undefined) throw new RangeError(`${where} must be positive, got ${bad}.`);
    return precisions.map(Math.sqrt);
  }
  const size = nFeatures * nFeatures;
  const factors = new Float64Array(precisions.length);
  for (let k = 0; k * size < precisions.length; k++) {
    checkSymmetric(where, precisions.subarray(k * size, (k + 1) * size), nFeatures);
    const upper = upperCholesky(precisions, nFeatures, k * size);
    if (typeof upper === 'number') {
      throw new RangeError(
        `${where} must be positive definite, got matrix ${k} that is not, at column ${upper}.`,
      );
    }
    factors.set(upper, k * size);
  }
  return factors;
}

/** |a - b| <= 1e-8 + 1e-5 |b|, the bounds of NumPy's `allclose`, which scikit-learn checks with. */
function checkSymmetric(where: string, matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [matrix[i * n + j]!, matrix[j * n + i]!];
      if (Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b)) continue;
      throw new RangeError(`${where} must be symmetric, got ${a} at [${i}][${j}] and ${b} at [${j}][${i}].`);
    }
  }
}

/** The covariances that belong to given factors. */
export function covariancesOfFactors(factors: Float64Array, sizes: MixtureSizes): Float64Array {
  const { covarianceType, nFeatures } = sizes;
  if (covarianceType === 'diag' || covarianceType === 'spherical') return factors.map((p) => 1 / (p * p));
  const size = nFeatures * nFeatures;
  const covariances = new Float64Array(factors.length);
  for (let at = 0; at < factors.length; at += size) {
    covariances.set(covarianceOfPrecisionFactor(factors.subarray(at, at + size), nFeatures), at);
  }
  return covariances;
}
