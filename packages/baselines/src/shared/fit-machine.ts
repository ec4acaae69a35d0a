import { createDetector, type OutlierDetector, SingularCovarianceError } from '@serial-oe/detectors';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import { seededRandom } from '@serial-oe/foundation';
import { TrainingDataError } from '@serial-oe/runtime';
import type { VectorConfig, VectorMethod } from './vector-method';

/** Folds of the cross-fit that sets a threshold; fewer where there are fewer clips. */
const N_FOLDS = 5;
/** Of a machine with fewer clips, the spread is taken from all machines of its type. */
const MIN_CLIPS = 3;

/** The detector of one machine, and what it calls anomalous. */
export interface MachineDetector {
  detector: OutlierDetector;
  /** A clip is anomalous where its score is above it. */
  threshold: number;
  calibration: {
    /** 'crossFit': on clips that each fit had not seen. 'inSample': on the clips of the fit; expect more false alarms. */
    method: 'crossFit' | 'inSample';
    nClips: number;
    falseAlarmRate: number;
  };
}

export interface FitMachineOptions<Config extends VectorConfig> {
  method: VectorMethod<Config>;
  config: Config;
  machineId: string;
  /** Vectors of all machines of the type, each less the mean of its machine; lend a machine of few clips their spread. */
  deviations: readonly Float64Array[];
}

/**
 * @param vectors of the machine's normal clips, at least one
 * @throws TrainingDataError where they cannot carry a detector
 */
export function fitMachine<Config extends VectorConfig>(
  vectors: readonly Float64Array[],
  options: FitMachineOptions<Config>,
): MachineDetector {
  const { config } = options;
  const detector = fitDetector(vectors, options);
  const scores = crossFitScores(vectors, options);
  const isCrossFit = scores !== null;
  const used = scores ?? vectors.map((vector) => scoreVector(detector, vector, options.method));
  const { falseAlarmRate } = config.decision;
  return {
    detector,
    threshold: thresholdFromNormals(used, falseAlarmRate),
    calibration: { method: isCrossFit ? 'crossFit' : 'inSample', nClips: used.length, falseAlarmRate },
  };
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
 * Scores of normal clips, each by a fit without it; null for a single clip.
 * @throws TrainingDataError
 */
export function crossFitScores<Config extends VectorConfig>(
  vectors: readonly Float64Array[],
  options: FitMachineOptions<Config>,
): number[] | null {
  if (vectors.length < 2) return null;
  const nFolds = Math.min(N_FOLDS, vectors.length);
  const scores = new Array<number>(vectors.length);
  for (let fold = 0; fold < nFolds; fold++) {
    const detector = fitDetector(
      vectors.filter((_, i) => i % nFolds !== fold),
      options,
    );
    for (let i = fold; i < vectors.length; i += nFolds) {
      scores[i] = scoreVector(detector, vectors[i]!, options.method);
    }
  }
  return scores;
}

export function fitDetector<Config extends VectorConfig>(
  vectors: readonly Float64Array[],
  { method, config, machineId, deviations }: FitMachineOptions<Config>,
): OutlierDetector {
  const mean = meanOf(vectors);
  const rows =
    vectors.length >= MIN_CLIPS ? vectors : deviations.map((each) => each.map((x, j) => x + mean[j]!));
  const variance = meanVariance(rows);
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
