export {
  type FloatArray,
  type Matrix,
  type MatrixLike,
  NotFittedError,
} from '@serial-oe/foundation';
export type { CoreChoice } from './choose-core';
export type { MixtureSample } from './draw-sample';
export { CollapsedComponentError, DegenerateDataError, type DegenerateDataReason } from './errors';
export { GaussianMixture } from './gaussian-mixture';
export type { GaussianMixtureJSON } from './mixture-json';
export type { GaussianMixtureOptions, InitParams } from './options';
export type { CovarianceArray, CovarianceShapes, CovarianceType } from './parameters';
