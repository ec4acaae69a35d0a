import { calibrate, type Fusion, fuseScores, type ScoreCalibration } from '@serial-oe/decision';
import { quantile } from '@serial-oe/foundation';
import type { NormalScore } from '../contract/asd-system';

/** Scores that the spread of all machines of the type counts for in that of one. */
const PRIOR_WEIGHT = 5;

/** Fewer fused scores tell no threshold. */
const MIN_SCORES = 4;

/** How one machine's scores by several systems become one. */
export interface MachineFusion {
  /** Of each system, in the order of the members. */
  calibrations: readonly ScoreCalibration[];
  /** A clip is anomalous where its fused score is above it. */
  threshold: number;
  /** Normal clips that calibrations and threshold are of. */
  nClips: number;
}

/** Normal scores of one system. */
export interface MemberScores {
  name: string;
  scores: readonly NormalScore[];
}

/**
 * Calibrates each system on its scores of normal clips, machine by machine, and sets the threshold of the fused score. The fewer
 * clips a machine has, the more its spread is that of all machines of its type.
 */
export function fitFusion(
  members: readonly MemberScores[],
  { fusion, falseAlarmRate }: { fusion: Fusion; falseAlarmRate: number },
): Map<string, MachineFusion> {
  const machineIds = [
    ...new Set(members.flatMap(({ scores }) => scores.map(({ machineId }) => machineId))),
  ].sort();
  const spreads = members.map(({ scores }) => pooledDeviation(scores));
  const fusions = machineIds.map((machineId) => {
    const own = members.map(({ scores }) => scores.filter((each) => each.machineId === machineId));
    const calibrations = own.map((scores, i) =>
      calibrate(
        scores.map(({ anomalyScore }) => anomalyScore),
        { prior: { deviation: spreads[i]!, weight: PRIOR_WEIGHT } },
      ),
    );
    return { machineId, calibrations, fused: fusedNormals(own, calibrations, fusion) };
  });
  // Fused scores are in the same unit for all machines, so that one of few clips can take the threshold of the others.
  const telling = fusions.filter(({ fused }) => tellsThreshold(fused));
  const pooled = (telling.length > 0 ? telling : fusions).flatMap(({ fused }) => Array.from(fused));
  return new Map(
    fusions.map(({ machineId, calibrations, fused }) => {
      const scores = tellsThreshold(fused) ? fused : Float64Array.from(pooled);
      const threshold = quantile(scores.sort(), 1 - falseAlarmRate);
      return [machineId, { calibrations, threshold, nClips: fused.length }];
    }),
  );
}

/** Of a machine of few clips they are too few, or all the same: what is expected of a clip. */
function tellsThreshold(fused: Float64Array): boolean {
  return fused.length >= MIN_SCORES && fused.some((score) => score !== fused[0]);
}

/** The fused scores of the clips that every system has scored; where there are none, of the first system's alone. */
function fusedNormals(
  own: readonly (readonly NormalScore[])[],
  calibrations: readonly ScoreCalibration[],
  fusion: Fusion,
): Float64Array {
  const byPath = own.map((scores) => new Map(scores.map(({ path, anomalyScore }) => [path, anomalyScore])));
  const shared = [...byPath[0]!.keys()].filter((path) => byPath.every((scores) => scores.has(path)));
  const fused = shared.map((path) =>
    fuseScores(
      byPath.map((scores, i) => calibrations[i]!.zScore(scores.get(path)!)),
      fusion,
    ),
  );
  return Float64Array.from(
    fused.length > 0 ? fused : own[0]!.map(({ anomalyScore }) => calibrations[0]!.zScore(anomalyScore)),
  );
}

/** Deviation from the machines' own means, over all machines; 1 where there is none. */
function pooledDeviation(scores: readonly NormalScore[]): number {
  const machineIds = [...new Set(scores.map(({ machineId }) => machineId))];
  const groups = machineIds.map((id) =>
    scores.filter(({ machineId }) => machineId === id).map(({ anomalyScore }) => anomalyScore),
  );
  let squares = 0;
  for (const group of groups) {
    const mean = group.reduce((sum, score) => sum + score / group.length, 0);
    for (const score of group) squares += (score - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / (scores.length - groups.length));
  return deviation > 0 && deviation < Infinity ? deviation : 1;
}
