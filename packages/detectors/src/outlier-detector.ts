import type { MatrixLike } from '@serial-oe/foundation';

/** What every detector of this package has, and `GaussianMixture` of `@serial-oe/gmm` too. */
export interface OutlierDetector {
  /** Learns from the rows of X, which are taken as normal. */
  fit(X: MatrixLike): this;
  /** One score a row, `[nRows]`, as scikit-learn's `score_samples`: higher is more normal. */
  scoreSamples(X: MatrixLike): Float64Array;
  /** The fitted detector as plain data: `detectorFromJSON` makes one that scores bit for bit the same. */
  toJSON(): DetectorJSON;
}

/** What every `toJSON` makes, beside its own fields: finite numbers, text, truth values, and lists of them. */
export interface DetectorJSON {
  /** Which detector: that of its specification. */
  kind: string;
  /** Raised where the layout of the kind changes. */
  version: number;
}

/**
 * The negative of `detector.scoreSamples(X)`, `[nRows]`: higher is more anomalous. The one place where the sign flips.
 *
 * @throws what `scoreSamples` throws.
 */
export function anomalyScores(detector: Pick<OutlierDetector, 'scoreSamples'>, X: MatrixLike): Float64Array {
  return detector.scoreSamples(X).map((score) => 0 - score); // 0 - 0 is 0, -0 is not
}
