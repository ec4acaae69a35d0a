import { aggregate } from '@serial-oe/aggregator';
import { anomalyScores, type OutlierDetector } from '@serial-oe/detectors';
import { type CovarianceType, GaussianMixture } from '@serial-oe/gmm';
import type { Embeddings } from '@serial-oe/runtime';
import type { DecisionConfig } from '../config/config';
import { meanEmbedding } from './clip-detector';

/** How a threshold was found. */
export interface Calibration {
  /**
   * 'validation': on clips that trained neither extractor nor detector. 'crossFit': on clips that each detector of a
   * k-fold split had not seen, but the extractor may have. 'unseen': as 'crossFit', moved to where clips lie that the extractor
   * has not seen either, by those that were held out from it. 'inSample': on the single clip that there is; expect more
   * false alarms than asked for. 'borrowed': as if the clips of the type's other machines lay about this one's, because it has too
   * few.
   */
  method: 'validation' | 'crossFit' | 'unseen' | 'inSample' | 'borrowed';
  nClips: number;
  falseAlarmRate: number;
}

/**
 * What a detector is asked about. 'chunk': each embedding, and the scores of a clip's chunks are aggregated (the paper). 'clip': the
 * mean of a clip's embeddings.
 */
export type DetectorUnit = 'chunk' | 'clip';

/** What scores the embeddings of one machine ID. */
export class Detector {
  readonly outlierDetector: OutlierDetector;
  readonly unit: DetectorUnit;
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
      unit = 'chunk',
    }: {
      threshold: number;
      calibration: Calibration;
      normalScores?: readonly number[];
      unit?: DetectorUnit;
    },
  ) {
    this.outlierDetector = outlierDetector;
    this.unit = unit;
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

/** Below this squared distance two means are the same within rounding; keeps the logarithm finite. */
const LEAST_SQUARE = 1e-12;

/**
 * The anomaly score of each chunk, and of the clip: of the unit 'chunk' the chunk scores aggregated (Eq. 8 of the paper), of the
 * unit 'clip' the natural logarithm of the distance of the mean embedding.
 */
export function clipScore(
  outlierDetector: Pick<OutlierDetector, 'scoreSamples'>,
  embeddings: Embeddings,
  { aggregation, unit = 'chunk' }: Pick<DecisionConfig, 'aggregation'> & { unit?: DetectorUnit },
): { anomalyScore: number; chunkScores: Float64Array } {
  const scores = anomalyScores(outlierDetector, embeddings);
  if (unit === 'chunk') return { anomalyScore: aggregate(scores, aggregation), chunkScores: scores };
  const mean = { data: meanEmbedding(embeddings), nRows: 1, nCols: embeddings.nCols };
  const logDistance = (square: number) => Math.log(Math.max(square, LEAST_SQUARE)) / 2;
  return {
    anomalyScore: logDistance(anomalyScores(outlierDetector, mean)[0]!),
    chunkScores: scores.map(logDistance),
  };
}
