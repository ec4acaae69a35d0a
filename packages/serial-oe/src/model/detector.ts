import { aggregate } from '@serial-oe/aggregator';
import { anomalyScores, type OutlierDetector } from '@serial-oe/detectors';
import { type CovarianceType, GaussianMixture } from '@serial-oe/gmm';
import type { Embeddings } from '@serial-oe/runtime';
import type { DecisionConfig } from '../config/config';

/** How a threshold was found. */
export interface Calibration {
  /**
   * 'validation': on clips that trained neither extractor nor detector. 'crossFit': on clips that each detector of a
   * k-fold split had not seen, but the extractor may have. 'inSample': on the single clip that there is; expect more
   * false alarms than asked for.
   */
  method: 'validation' | 'crossFit' | 'inSample';
  nClips: number;
  falseAlarmRate: number;
}

/** What scores the embeddings of one machine ID. */
export class Detector {
  /** Scores single chunks. */
  readonly outlierDetector: OutlierDetector;
  /** A clip is anomalous where its score is above it. */
  readonly threshold: number;
  readonly calibration: Calibration;
  /**
   * What the threshold was set on: scores of the validation clips, where there are any, else of the clips of the fit, in their
   * order. A detector that was loaded has none.
   */
  readonly normalScores: readonly number[];

  constructor(
    outlierDetector: OutlierDetector,
    {
      threshold,
      calibration,
      normalScores = [],
    }: { threshold: number; calibration: Calibration; normalScores?: readonly number[] },
  ) {
    this.outlierDetector = outlierDetector;
    this.threshold = threshold;
    this.calibration = calibration;
    this.normalScores = normalScores;
  }

  /**
   * The Gaussian mixture, which is the method's detector.
   * @throws TypeError where the detector is one of another kind
   */
  get mixture(): GaussianMixture<CovarianceType> {
    if (this.outlierDetector instanceof GaussianMixture) return this.outlierDetector;
    const { kind } = this.outlierDetector.toJSON();
    throw new TypeError(
      `serial-oe.Detector: mixture must be asked of a detector that is one, got ${JSON.stringify(kind)}. Ask for outlierDetector.`,
    );
  }
}

/** The anomaly score of each chunk, and of the clip (Eq. 8 of the paper). */
export function clipScore(
  outlierDetector: Pick<OutlierDetector, 'scoreSamples'>,
  embeddings: Embeddings,
  { aggregation }: DecisionConfig,
): { anomalyScore: number; chunkScores: Float64Array } {
  const chunkScores = anomalyScores(outlierDetector, embeddings);
  return { anomalyScore: aggregate(chunkScores, aggregation), chunkScores };
}
