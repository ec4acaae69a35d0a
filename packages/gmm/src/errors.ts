/** What is wrong with the data of a {@link DegenerateDataError}. */
export type DegenerateDataReason =
  | 'nonFinite'
  | 'tooFewRows'
  | 'tooFewDistinctRows'
  | 'constantColumn'
  | 'overflow'
  | 'collapsedComponent';

/**
 * The data admit no mixture of the wanted kind: NaN or infinite values, fewer (distinct) rows than components, a
 * constant column, values whose squares overflow, or a component that collapsed ({@link CollapsedComponentError}).
 */
export class DegenerateDataError extends RangeError {
  readonly reason: DegenerateDataReason;

  constructor(reason: DegenerateDataReason, message: string) {
    super(message);
    this.name = 'DegenerateDataError';
    this.reason = reason;
  }
}

/**
 * A component lost its rows, or its covariance is not positive definite within rounding: it has shrunk onto a point,
 * a line or a plane. Remedies: raise `regCovar`, use fewer components, or scale the columns.
 */
export class CollapsedComponentError extends DegenerateDataError {
  /** Index of the component; for tied covariances, which all components share, 0. */
  readonly component: number;
  /** Iteration of EM in which it happened, from 1; 0 is the start. */
  readonly iteration: number;

  constructor(component: number, iteration: number, what: string) {
    super(
      'collapsedComponent',
      `gmm.GaussianMixture.fit: components must keep rows and a positive definite covariance, got ${what} in ` +
        `component ${component} at iteration ${iteration}. Raise regCovar, use fewer components or scale the columns.`,
    );
    this.name = 'CollapsedComponentError';
    this.component = component;
    this.iteration = iteration;
  }
}
