/**
 * The covariance of the training rows is singular within rounding, so that a Mahalanobis distance is not defined:
 * no more rows than columns, or columns that are constant or depend on each other.
 */
export class SingularCovarianceError extends RangeError {
  constructor(got: string) {
    super(
      `detectors.MahalanobisDistance.fit: X must have a covariance that is not singular, got ${got}. ` +
        "Set shrinkage, for example to 'ledoitWolf', or fit on more rows.",
    );
    this.name = 'SingularCovarianceError';
  }
}
