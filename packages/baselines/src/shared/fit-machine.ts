import { crossFitFolds } from '@serial-oe/datasets';
import {
  borrowSpread,
  createDetector,
  type OutlierDetector,
  SingularCovarianceError,
  spreadAboutMean,
} from '@serial-oe/detectors';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import { quantile, seededRandom } from '@serial-oe/foundation';
import { TrainingDataError } from '@serial-oe/runtime/contract';
import type { VectorConfig, VectorMethod } from './vector-method';

/**
 * Of a machine with fewer clips, the spread is taken from all machines of its type. A fold of four still holds three, so that
 * the fits that set a threshold are of the same kind as the one that it is for.
 */
export const MIN_CLIPS = 4;

/** The detector of one machine, and what it calls anomalous. */
export interface MachineDetector {
  detector: OutlierDetector;
  /** A clip is anomalous where its score is above it. */
  threshold: number;
  calibration: {
    /**
     * 'crossFit': on clips that each fit had not seen. 'borrowed': as if the other machines' clips lay about this one's, because it
     * has too few.
     */
    method: 'crossFit' | 'borrowed';
    nClips: number;
    falseAlarmRate: number;
  };
}

export interface FitMachineOptions<Config extends VectorConfig> {
  method: VectorMethod<Config>;
  config: Config;
  machineId: string;
  /** How the clips of all machines of the type lie about the means of theirs (`deviationsOf`); lend a machine of few clips their spread. */
  deviations: readonly Float64Array[];
  /**
   * `[nClips]`, the day or session that each clip was recorded in, undefined where it is not known. Where all are, a fold of the cross-fit
   * is whole days: clips of one day are more alike than those of two, and thresholds are for days to come.
   */
  sessions?: readonly (string | undefined)[] | undefined;
}

/** A machine's detector, and what its normal clips score by fits without them. */
export interface FittedMachine extends MachineDetector {
  /** `[nClips]`, of the machine's clips in their order; of a machine of few clips, what a normal clip is expected to score. */
  normalScores: number[];
}

/**
 * @param vectors of the machine's normal clips, at least one
 * @throws TrainingDataError where they cannot carry a detector
 */
export function fitMachine<Config extends VectorConfig>(
  vectors: readonly Float64Array[],
  options: FitMachineOptions<Config>,
): FittedMachine {
  const { falseAlarmRate } = options.config.decision;
  const detector = fitDetector(vectors, options);
  const hasEnough = vectors.length >= MIN_CLIPS;
  const expected = hasEnough ? vectors : newClips(vectors, options.deviations);
  const scores = crossFitScores(expected, options);
  return {
    detector,
    threshold: thresholdFromNormals(scores, falseAlarmRate),
    calibration: { method: hasEnough ? 'crossFit' : 'borrowed', nClips: scores.length, falseAlarmRate },
    normalScores: hasEnough ? scores : expectedScores(scores, vectors.length),
  };
}

/** So many scores that lie as these do: their quantiles at equal steps. */
function expectedScores(scores: readonly number[], nClips: number): number[] {
  const sorted = Float64Array.from(scores).sort();
  return Array.from({ length: nClips }, (_, i) => quantile(sorted, (i + 0.5) / nClips));
}

/** Where new clips of a machine of few are expected: its mean is as uncertain as so few clips make it. */
function newClips(vectors: readonly Float64Array[], deviations: readonly Float64Array[]): Float64Array[] {
  return borrowSpread(deviations, { mean: meanOf(vectors), nRows: vectors.length });
}

/** The anomaly score of one clip. */
export function scoreVector<Config extends VectorConfig>(
  detector: Pick<OutlierDetector, 'scoreSamples'>,
  vector: Float64Array,
  method: VectorMethod<Config>,
): number {
  const [score] = detector.scoreSamples({ data: vector, nRows: 1, nCols: vector.length });
  return method.toAnomalyScore(score!);
}

/**
 * Scores of normal clips, each by a fit without it.
 * @throws TrainingDataError where they are too few, or do not differ
 */
export function crossFitScores<Config extends VectorConfig>(
  vectors: readonly Float64Array[],
  options: FitMachineOptions<Config>,
): number[] {
  const { sessions = [] } = options;
  const isOfClips = sessions.length === vectors.length; // not where rows stand for the clips that a machine lacks
  const foldOf = crossFitFolds(isOfClips ? sessions : vectors.map(() => undefined), {
    minSeen: MIN_CLIPS - 1,
  });
  const scores = new Array<number>(vectors.length);
  for (const fold of new Set(foldOf)) {
    const seen = vectors.filter((_, i) => foldOf[i] !== fold);
    const detector = fitDetector(seen, options, { isBorrowing: vectors.length < MIN_CLIPS });
    for (const [i, vector] of vectors.entries()) {
      if (foldOf[i] === fold) scores[i] = scoreVector(detector, vector, options.method);
    }
  }
  return scores;
}

export function fitDetector<Config extends VectorConfig>(
  vectors: readonly Float64Array[],
  { method, config, machineId, deviations }: FitMachineOptions<Config>,
  { isBorrowing } = { isBorrowing: vectors.length < MIN_CLIPS },
): OutlierDetector {
  const rows = isBorrowing ? borrowSpread(deviations, { mean: meanOf(vectors) }) : vectors;
  const variance = rows.length === 0 ? 0 : meanVariance(rows);
  const random = seededRandom(config.seed, method.name, machineId);
  try {
    if (!(variance > 0)) throw new SingularCovarianceError(`${rows.length} clip(s) that do not differ`);
    const makers = method.makers(config, { variance, random });
    return createDetector(method.detector(config), makers).fit(rows.map((row) => Array.from(row)));
  } catch (cause) {
    throw new TrainingDataError(
      `baselines.${method.name}: machine ID ${machineId} must have normal clips that differ, got ${vectors.length}: ` +
        `${(cause as Error).message} Add recordings of the machine.`,
      { cause },
    );
  }
}

/** How the clips of a machine lie about their mean; a machine of one clip tells nothing. */
export function deviationsOf(vectors: readonly Float64Array[]): Float64Array[] {
  return spreadAboutMean(vectors, meanOf(vectors));
}

export function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let j = 0; j < mean.length; j++) mean[j]! += vector[j]! / vectors.length;
  return mean;
}

/** Population variance of each entry, averaged over the entries. */
function meanVariance(vectors: readonly Float64Array[]): number {
  const mean = meanOf(vectors);
  let sum = 0;
  for (const vector of vectors) for (let j = 0; j < mean.length; j++) sum += (vector[j]! - mean[j]!) ** 2;
  return sum / (vectors.length * mean.length);
}
