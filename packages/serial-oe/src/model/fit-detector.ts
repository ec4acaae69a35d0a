import { createDetector, type OutlierDetector } from '@serial-oe/detectors';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import type { Embeddings } from '@serial-oe/runtime';
import type { DecisionConfig, DetectorConfig } from '../config/config';
import { type Calibration, clipScore, Detector } from './detector';
import { mixtureMaker } from './mixture-maker';

export interface FitDetectorOptions {
  detector: DetectorConfig;
  decision: DecisionConfig;
  /** Clips that trained neither the extractor nor this detector, for the threshold; may be empty. */
  validation: readonly Embeddings[];
  /** A new generator of the same sequence at each call, so that folds do not depend on each other. */
  random: () => () => number;
}

/** Folds of the cross-fit; fewer where there are fewer clips. */
const N_FOLDS = 5;

/**
 * One detector over all chunks of the clips, and the threshold that calls `decision.falseAlarmRate` of normal clips
 * anomalous.
 *
 * @param clips embeddings of normal clips of one machine ID, at least one clip
 * @throws what `fit` of the detector throws for data that cannot carry it
 */
export function fitDetector(clips: readonly Embeddings[], options: FitDetectorOptions): Detector {
  const { falseAlarmRate } = options.decision;
  const fitted = fitOutlierDetector(clips, options);
  const { method, scores } = normalScores(clips, fitted, options);
  return new Detector(fitted, {
    threshold: thresholdFromNormals(scores, falseAlarmRate),
    calibration: { method, nClips: scores.length, falseAlarmRate },
    normalScores: scores,
  });
}

/** Scores of normal clips, of such as the detector has not seen where that can be had. */
function normalScores(
  clips: readonly Embeddings[],
  fitted: OutlierDetector,
  options: FitDetectorOptions,
): { method: Calibration['method']; scores: number[] } {
  const { validation, decision } = options;
  const scoreAll = (some: readonly Embeddings[], by: OutlierDetector) =>
    some.map((clip) => clipScore(by, clip, decision).anomalyScore);
  if (validation.length > 0) return { method: 'validation', scores: scoreAll(validation, fitted) };
  if (clips.length < 2) return { method: 'inSample', scores: scoreAll(clips, fitted) };
  return {
    method: 'crossFit',
    scores: inOrder(
      crossFitFolds(clips).map(({ seen, unseen }) => scoreAll(unseen, fitOutlierDetector(seen, options))),
    ),
  };
}

/** What stands in the folds, in the order of the clips: clip i is number floor(i / nFolds) of fold i % nFolds. */
function inOrder<T>(folds: readonly (readonly T[])[]): T[] {
  const n = folds.reduce((sum, { length }) => sum + length, 0);
  return Array.from({ length: n }, (_, i) => folds[i % folds.length]![Math.floor(i / folds.length)]!);
}

/** The parts of a k-fold split, each with what is left; none of a single clip. */
export function crossFitFolds<T>(clips: readonly T[]): { seen: T[]; unseen: T[] }[] {
  const nFolds = clips.length < 2 ? 0 : Math.min(N_FOLDS, clips.length);
  return Array.from({ length: nFolds }, (_, fold) => ({
    seen: clips.filter((_, i) => i % nFolds !== fold),
    unseen: clips.filter((_, i) => i % nFolds === fold),
  }));
}

function fitOutlierDetector(
  clips: readonly Embeddings[],
  { detector, random }: FitDetectorOptions,
): OutlierDetector {
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
