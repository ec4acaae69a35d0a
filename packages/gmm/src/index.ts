export type { CoreChoice } from './choose-core';
export type { MixtureSample } from './draw-sample';
export {
  CollapsedComponentError,
  DegenerateDataError,
  type DegenerateDataReason,
  NotFittedError,
} from './errors';
export { GaussianMixture } from './gaussian-mixture';
export type { DenseMatrix, FlatMatrix, MatrixLike } from './matrix';
export type { GaussianMixtureJSON } from './mixture-json';
export type { GaussianMixtureOptions, InitParams } from './options';
export type { CovarianceArray, CovarianceShapes, CovarianceType } from './parameters';
