import { DegenerateDataError } from './errors';

/**
 * Form of the covariances: `'full'` each component has its own matrix, `'tied'` all share one matrix, `'diag'` each
 * has its own variances, `'spherical'` each has a single variance.
 */
export type CovarianceType = 'full' | 'tied' | 'diag' | 'spherical';

export const COVARIANCE_TYPES: readonly CovarianceType[] = ['full', 'tied', 'diag', 'spherical'];

/**
 * Shape of covariances, precisions and their factors, as in scikit-learn: full `[nComponents, nFeatures, nFeatures]`,
 * tied `[nFeatures, nFeatures]`, diag `[nComponents, nFeatures]`, spherical `[nComponents]`.
 */
export interface CovarianceShapes {
  full: number[][][];
  tied: number[][];
  diag: number[][];
  spherical: number[];
}

/** The arrays of the covariance type T. */
export type CovarianceArray<T extends CovarianceType> = CovarianceShapes[T];

/** All numbers of a mixture, flat and row-major; shapes as {@link CovarianceShapes}. Never changed once made. */
export interface MixtureParameters {
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly nFeatures: number;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
  readonly precisionsCholesky: Float64Array;
}

/** Sizes that fix every shape of a mixture. */
export type MixtureSizes = Pick<MixtureParameters, 'covarianceType' | 'nComponents' | 'nFeatures'>;

/** Shape of the covariances. */
export function covarianceShape({ covarianceType, nComponents, nFeatures }: MixtureSizes): number[] {
  if (covarianceType === 'full') return [nComponents, nFeatures, nFeatures];
  if (covarianceType === 'tied') return [nFeatures, nFeatures];
  return covarianceType === 'diag' ? [nComponents, nFeatures] : [nComponents];
}

/** Number of free parameters: weights (which sum to 1), means and the distinct entries of the covariances. */
export function nFreeParameters({ covarianceType, nComponents, nFeatures }: MixtureSizes): number {
  const triangle = (nFeatures * (nFeatures + 1)) / 2;
  const nCovariance = {
    full: nComponents * triangle,
    tied: triangle,
    diag: nComponents * nFeatures,
    spherical: nComponents,
  };
  return nCovariance[covarianceType] + nComponents * nFeatures + nComponents - 1;
}

/** @throws DegenerateDataError (`overflow`) where a statistic of the data left the range of float64. */
export function checkNoOverflow(values: Float64Array, what: string): void {
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    throw new DegenerateDataError(
      'overflow',
      `gmm.GaussianMixture.fit: X must have squares within float64's range, got ${what} of ${value}. Scale the columns.`,
    );
  }
}
