import type { MatrixLike } from './matrix';

/** What every detector of this package has, and `GaussianMixture` of `@serial-oe/gmm` too. */
export interface OutlierDetector {
  /** Learns from the rows of X, which are taken as normal. */
  fit(X: MatrixLike): this;
  /** One score a row, `[nRows]`, as scikit-learn's `score_samples`: higher is more normal. */
  scoreSamples(X: MatrixLike): Float64Array;
}

/**
 * The negative of `detector.scoreSamples(X)`, `[nRows]`: higher is more anomalous.
 *
 * @throws what `scoreSamples` throws.
 */
export function anomalyScores(detector: Pick<OutlierDetector, 'scoreSamples'>, X: MatrixLike): Float64Array {
  return detector.scoreSamples(X).map((score) => 0 - score); // 0 - 0 is 0, -0 is not
}
