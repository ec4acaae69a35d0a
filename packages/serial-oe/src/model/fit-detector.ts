import { crossFitFolds } from '@serial-oe/datasets';
import { createDetector, type OutlierDetector } from '@serial-oe/detectors';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import type { Embeddings } from '@serial-oe/runtime';
import type { DecisionConfig, DetectorConfig } from '../config/config';
import { clipRows, fitClipMeans } from './clip-detector';
import { type Calibration, clipScore, Detector } from './detector';
import { mixtureMaker } from './mixture-maker';

export interface FitDetectorOptions {
  detector: DetectorConfig;
  decision: DecisionConfig;
  /** Clips that trained neither the extractor nor this detector, for the threshold; may be empty. */
  validation: readonly Embeddings[];
  /** How clips of the type's machines lie about the means of theirs (`spreadOf`); for a machine of few clips. */
  spread?: readonly Float64Array[] | undefined;
  /**
   * Of each clip, its day or session, undefined where it is not known. Where all are, a fold of the cross-fit is whole days
   * (`crossFitFolds` of @serial-oe/datasets).
   */
  sessions?: readonly (string | undefined)[] | undefined;
  /** A new generator of the same sequence at each call, so that folds do not depend on each other. */
  random: () => () => number;
}

/**
 * The detector of a machine as `detector.kind` says, and the threshold that calls `decision.falseAlarmRate` of normal clips
 * anomalous.
 *
 * @param clips embeddings of normal clips of one machine ID, at least one clip
 * @throws what `fit` of the detector throws for data that cannot carry it
 */
export function fitDetector(clips: readonly Embeddings[], options: FitDetectorOptions): Detector {
  const isOnClips = options.detector.kind === 'clipMahalanobis';
  const fitted = (isOnClips ? fitOnClips(clips, options) : null) ?? fitOnChunks(clips, options);
  const { falseAlarmRate } = options.decision;
  const { outlierDetector, unit, method, scores } = fitted;
  return new Detector(outlierDetector, {
    ...{ unit, threshold: thresholdFromNormals(scores, falseAlarmRate) },
    calibration: { method, nClips: scores.length, falseAlarmRate },
    normalScores: method === 'borrowed' ? clips.map(() => meanOf(scores)) : scores,
  });
}

/** The detector with another threshold, and the scores that it was set on. */
export function withThreshold(
  { outlierDetector, unit, calibration }: Detector,
  {
    threshold,
    normalScores,
    method,
  }: Pick<Detector, 'threshold' | 'normalScores'> & Pick<Calibration, 'method'>,
): Detector {
  const set = { threshold, normalScores, calibration: { ...calibration, method } };
  return new Detector(outlierDetector, { unit, ...set });
}

interface Fitted {
  outlierDetector: OutlierDetector;
  unit: Detector['unit'];
  method: Calibration['method'];
  /** Of normal clips, of such as the fit has not seen where that can be had. */
  scores: number[];
}

/** A mixture over all chunks of the clips: the paper's. */
function fitOnChunks(clips: readonly Embeddings[], options: FitDetectorOptions): Fitted {
  const outlierDetector = fitMixture(clips, options);
  const shared = { outlierDetector, unit: 'chunk' } as const;
  const { validation, decision } = options;
  const scoreAll = (some: readonly Embeddings[], by: OutlierDetector) =>
    some.map((clip) => clipScore(by, clip, decision).anomalyScore);
  if (validation.length > 0) {
    return { ...shared, method: 'validation', scores: scoreAll(validation, outlierDetector) };
  }
  if (clips.length < 2) return { ...shared, method: 'inSample', scores: scoreAll(clips, outlierDetector) };
  const folds = foldsOf(clips, options.sessions).map(({ seen, unseen, places }) => ({
    ...{ places, scores: scoreAll(unseen, fitMixture(seen, options)) },
  }));
  return { ...shared, method: 'crossFit', scores: inOrder(folds) };
}

/** Mahalanobis' distance on the means of the clips; null where neither they nor the other machines' tell a spread. */
function fitOnClips(clips: readonly Embeddings[], options: FitDetectorOptions): Fitted | null {
  const { validation, decision, spread = [] } = options;
  const own = clipRows(clips, spread);
  const outlierDetector = own === null ? null : fitClipMeans(own.rows);
  if (own === null || outlierDetector === null) return null;
  const shared = { outlierDetector, unit: 'clip' } as const;
  const scoreBy = (by: OutlierDetector) => (clip: Embeddings) =>
    clipScore(by, clip, { ...decision, unit: 'clip' }).anomalyScore;
  if (validation.length > 0) {
    return { ...shared, method: 'validation', scores: validation.map(scoreBy(outlierDetector)) };
  }
  const sessions = own.isBorrowed ? [] : options.sessions;
  const folds = foldsOf(own.rows, sessions).map(({ seen, unseen, places }) => ({
    ...{ places, scores: unseen.map(asClip).map(scoreBy(fitClipMeans(seen) ?? outlierDetector)) },
  }));
  return { ...shared, method: own.isBorrowed ? 'borrowed' : 'crossFit', scores: inOrder(folds) };
}

/** A clip whose mean embedding this is. */
function asClip(mean: Float64Array): Embeddings {
  return { data: Float32Array.from(mean), nRows: 1, nCols: mean.length };
}

function meanOf(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + score / scores.length, 0);
}

/** What stands in the folds, in the order of the clips. */
function inOrder(folds: readonly { places: readonly number[]; scores: readonly number[] }[]): number[] {
  const all: number[] = [];
  for (const { places, scores } of folds) for (const [k, place] of places.entries()) all[place] = scores[k]!;
  return all;
}

/** The parts of a k-fold split, each with what is left, and where its clips stand among all; none of a single clip. */
export function foldsOf<T>(
  clips: readonly T[],
  sessions: readonly (string | undefined)[] = [],
): { seen: T[]; unseen: T[]; places: number[] }[] {
  if (clips.length < 2) return [];
  const foldOf = crossFitFolds(clips.map((_, i) => sessions[i]));
  return [...new Set(foldOf)].map((fold) => ({
    seen: clips.filter((_, i) => foldOf[i] !== fold),
    unseen: clips.filter((_, i) => foldOf[i] === fold),
    places: clips.flatMap((_, i) => (foldOf[i] === fold ? [i] : [])),
  }));
}

function fitMixture(clips: readonly Embeddings[], { detector, random }: FitDetectorOptions): OutlierDetector {
  const gaussianMixture = mixtureMaker({ config: detector, random: random() });
  const spec = { kind: 'gaussianMixture', nComponents: detector.nComponents } as const;
  return createDetector(spec, { gaussianMixture }).fit(stackEmbeddings(clips));
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
