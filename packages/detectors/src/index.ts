export { type FloatArray, type Matrix, type MatrixLike, NotFittedError } from '@serial-oe/foundation';
export { type BorrowSpreadOptions, borrowSpread, spreadAboutMean } from './borrowed-spread';
export {
  createDetector,
  type DetectorMakers,
  type DetectorSpec,
  detectorFromJSON,
  type GaussianMixtureSpec,
  type MixtureMaker,
} from './create-detector';
export {
  DensityNormalizedNeighbors,
  type DensityNormalizedNeighborsJSON,
  type DensityNormalizedNeighborsOptions,
} from './density-normalized-neighbors';
export {
  KNearestNeighbors,
  type KNearestNeighborsJSON,
  type KNearestNeighborsOptions,
} from './k-nearest-neighbors';
export { KernelDensity, type KernelDensityJSON, type KernelDensityOptions } from './kernel-density';
export {
  LocalOutlierFactor,
  type LocalOutlierFactorJSON,
  type LocalOutlierFactorOptions,
} from './local-outlier-factor';
export {
  MahalanobisDistance,
  type MahalanobisDistanceJSON,
  type MahalanobisDistanceOptions,
} from './mahalanobis-distance';
export { OneClassSvm, type OneClassSvmJSON, type OneClassSvmOptions } from './one-class-svm';
export { anomalyScores, type DetectorJSON, type OutlierDetector } from './outlier-detector';
export { SingularCovarianceError } from './singular-covariance-error';
