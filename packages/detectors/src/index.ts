export { NotFittedError, SingularCovarianceError } from './errors';
export { KNearestNeighbors, type KNearestNeighborsOptions } from './k-nearest-neighbors';
export { KernelDensity, type KernelDensityOptions } from './kernel-density';
export { LocalOutlierFactor, type LocalOutlierFactorOptions } from './local-outlier-factor';
export { MahalanobisDistance, type MahalanobisDistanceOptions } from './mahalanobis-distance';
export type { FlatMatrix, MatrixLike } from './matrix';
export { OneClassSvm, type OneClassSvmOptions } from './one-class-svm';
export { anomalyScores, type OutlierDetector } from './outlier-detector';
