/** A detector was asked for results before `fit`. */
export class NotFittedError extends Error {
  constructor(where: string) {
    super(`${where}: the detector must be fitted, got one that is not. Call fit(X) first.`);
    this.name = 'NotFittedError';
  }
}

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

/** The state of a fitted detector. @throws NotFittedError where there is none. */
export function fitted<State>(where: string, state: State | undefined): State {
  if (state === undefined) throw new NotFittedError(where);
  return state;
}
