import type { MixtureParameters } from './parameters';

/** Weights, means and covariances, without the factors. */
export type Moments = Omit<MixtureParameters, 'precisionsCholesky'>;
