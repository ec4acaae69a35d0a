import { aggregate } from '@serial-oe/aggregator';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import { type CovarianceType, GaussianMixture } from '@serial-oe/gmm';
import type { Embeddings } from '@serial-oe/runtime';
import type { DecisionConfig, DetectorConfig } from '../config/config';

/** How a threshold was found. */
export interface Calibration {
  /**
   * 'validation': on clips that trained neither extractor nor mixture. 'crossFit': on clips that each mixture of a
   * k-fold split had not seen, but the extractor may have. 'inSample': on the single clip that there is; expect more
   * false alarms than asked for.
   */
  method: 'validation' | 'crossFit' | 'inSample';
  nClips: number;
  falseAlarmRate: number;
}

/** What scores the embeddings of one machine ID. */
export interface Detector {
  mixture: GaussianMixture<CovarianceType>;
  /** A clip is anomalous where its score is above it. */
  threshold: number;
  calibration: Calibration;
}

export interface FitDetectorOptions {
  detector: DetectorConfig;
  decision: DecisionConfig;
  /** Clips that trained neither the extractor nor this mixture, for the threshold; may be empty. */
  validation: readonly Embeddings[];
  /** A new generator of the same sequence at each call, so that folds do not depend on each other. */
  random: () => () => number;
}

/** Folds of the cross-fit; fewer where there are fewer clips. */
const N_FOLDS = 5;

/**
 * One Gaussian mixture over all chunks of the clips, and the threshold that calls `decision.falseAlarmRate` of
 * normal clips anomalous.
 *
 * @param clips embeddings of normal clips of one machine ID, at least one clip
 * @throws what `GaussianMixture.fit` throws for data that cannot carry the mixture
 */
export function fitDetector(clips: readonly Embeddings[], options: FitDetectorOptions): Detector {
  const { detector, decision, validation } = options;
  const fit = (some: readonly Embeddings[]) => fitMixture(some, detector, options.random());
  const mixture = fit(clips);
  const { method, scores } = normalScores();
  return {
    mixture,
    threshold: thresholdFromNormals(scores, decision.falseAlarmRate),
    calibration: { method, nClips: scores.length, falseAlarmRate: decision.falseAlarmRate },
  };

  function normalScores(): { method: Calibration['method']; scores: number[] } {
    const scoreAll = (some: readonly Embeddings[], by: GaussianMixture<CovarianceType>) =>
      some.map((clip) => clipScore(by, clip, decision).anomalyScore);
    if (validation.length > 0) return { method: 'validation', scores: scoreAll(validation, mixture) };
    if (clips.length < 2) return { method: 'inSample', scores: scoreAll(clips, mixture) };
    const nFolds = Math.min(N_FOLDS, clips.length);
    const folds = Array.from({ length: nFolds }, (_, fold) => ({
      fitted: clips.filter((_, i) => i % nFolds !== fold),
      scored: clips.filter((_, i) => i % nFolds === fold),
    }));
    return {
      method: 'crossFit',
      scores: folds.flatMap(({ fitted, scored }) => scoreAll(scored, fit(fitted))),
    };
  }
}

/** Negative log-likelihood of each chunk, and of the clip (Eq. 8 of the paper). */
export function clipScore(
  mixture: GaussianMixture<CovarianceType>,
  embeddings: Embeddings,
  { aggregation }: DecisionConfig,
): { anomalyScore: number; chunkScores: Float64Array } {
  const chunkScores = mixture.scoreSamples(embeddings).map((logLikelihood) => -logLikelihood);
  return { anomalyScore: aggregate(chunkScores, aggregation), chunkScores };
}

function fitMixture(
  clips: readonly Embeddings[],
  options: DetectorConfig,
  random: () => number,
): GaussianMixture<CovarianceType> {
  const { nComponents, covarianceType, regCovar, tol, maxIter, nInit } = options;
  return new GaussianMixture({ nComponents, covarianceType, regCovar, tol, maxIter, nInit, random }).fit(
    stackEmbeddings(clips),
  );
}

/** The rows of all clips in one matrix. */
export function stackEmbeddings(clips: readonly Embeddings[]): Embeddings {
  const nRows = clips.reduce((sum, clip) => sum + clip.nRows, 0);
  const nCols = clips[0]?.nCols ?? 0;
  const data = new Float32Array(nRows * nCols);
  let offset = 0;
  for (const clip of clips) {
    data.set(clip.data, offset);
    offset += clip.data.length;
  }
  return { data, nRows, nCols };
}
