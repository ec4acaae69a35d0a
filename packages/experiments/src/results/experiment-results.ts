import type { CurveFigures } from '@serial-oe/evaluation';
import type { ExperimentProtocol, OmittedVariant } from '../experiment-types';
import type { RunRecord } from '../jobs/job-types';
import type { ComparedFigures } from './compared-figures';
import type { Costs } from './costs';
import type { Metric } from './metric';

/** AUC, pAUC and aAUC of a machine ID, in [0, 1]; null where a class is missing. */
export interface IdFigures extends CurveFigures {
  machineId: string;
  /** Whether the averages of the type are taken over it. */
  isAveraged: boolean;
}

/** One variant measured once: a machine type, a seed. */
export interface Measurement {
  variant: string;
  machineType: string;
  seed: number;
  /** The runs that made it, one but for a system that trains for each machine ID: configuration and commit are under `runs`. */
  runIds: string[];
  perId: IdFigures[];
  /** Means over the averaged IDs, the lowest AUC of them, and where test clips have domains the official figure of DCASE2022 to 2025. */
  type: {
    auc: number | null;
    pAuc: number | null;
    aAuc: number | null;
    mAuc: number | null;
    official?: number | null;
  };
  /** One ROC curve over the clips of all averaged IDs. */
  pooled: { auc: number | null; pAuc: number | null; aAuc: number | null };
}

/** Mean and sample standard deviation over the seeds; the latter null for one seed. */
export interface Spread {
  mean: number;
  std: number | null;
  nSeeds: number;
}

/** What a figure is about: a machine ID, the mean of a type's IDs, a type's pooled clips, the mean of all types. */
export type Scope = 'id' | 'type' | 'pooled' | 'overall';

/** A figure over all seeds. */
export interface Aggregate extends Spread {
  variant: string;
  scope: Scope;
  /** Null for `overall`. */
  machineType: string | null;
  /** Null for all but `id`. */
  machineId: string | null;
  metric: Metric;
}

/** A t-SNE map of test clips: the mean embedding of each. */
export interface EmbeddingMap {
  variant: string;
  machineType: string;
  seed: number;
  runIds: string[];
  perplexity: number;
  /** How well neighbours stay neighbours, at most 1 (scikit-learn's `trustworthiness`, 5 neighbours or, of few clips, less than half). */
  trustworthiness: number;
  /** As many as points. */
  machineIds: string[];
  labels: ('normal' | 'anomaly')[];
  /** `[nPoints, 2]` row-major. */
  points: number[];
}

/** What could not be measured, and why: a training that failed, or a detector that these embeddings do not allow. */
export interface Failure {
  variant: string;
  machineType: string;
  seed: number;
  runIds: string[];
  reason: string;
}

/** A variant of the results; on a curve, with its place. */
export interface ResultVariant {
  id: string;
  title: string;
  system: string;
  curve: { label: string; x: number } | null;
  isBaseline: boolean;
}

/** A confidence interval, in [-1, 1]. */
export interface DifferenceInterval {
  lower: number;
  upper: number;
  /** Seeds, machine IDs or clips that it is over. */
  n: number;
}

/** The aAUC of a variant minus that of its base: on the same seeds, machine IDs and test clips. In [-1, 1], 95 % intervals. */
export interface Difference {
  variant: string;
  /** The first variant, or on a curve its first point. */
  base: string;
  /** Null for the mean over the types. */
  machineType: string | null;
  mean: number;
  /** Sample standard deviation of the difference over the seeds; null for one seed. */
  std: number | null;
  nSeeds: number;
  /** Where it would lie with other seeds, on these recordings. */
  overSeeds: DifferenceInterval | null;
  /** Where it would lie with other recordings of these machines. Null where the variants were not tested on the same clips. */
  overClips: DifferenceInterval | null;
  /** Where the mean over machine IDs would lie with other machines of the kind. Null for less than 3 machine IDs. */
  overMachines: DifferenceInterval | null;
  /** Seeds that a paired t-test needs to find a difference of 0.03 (power 0.8, two-sided 0.05); null for one seed. */
  nSeedsNeeded: number | null;
}

/** A system as it was set up, before a variant changes it. */
export interface ResultSystem {
  name: string;
  /** Null for the system's default. */
  preset: string | null;
  /** With the first seed. */
  config: object;
  /** SHA-256 of each file that its trainings start from, by name; null where they start afresh. */
  startFrom: Record<string, string> | null;
}

/** Everything that an experiment found; `results.json`. */
export interface ExperimentResults {
  formatVersion: 3;
  experiment: string;
  title: string;
  /** Where it is from; empty for nowhere. */
  source: string;
  question: string;
  /** ISO 8601, UTC. */
  generatedAt: string;
  version: string;
  commit: string | null;
  dataset: { name: string; nClips: number };
  systems: ResultSystem[];
  protocol: ExperimentProtocol;
  machineTypes: string[];
  seeds: number[];
  variants: ResultVariant[];
  /** Title of the x axis, where variants lie on curves. */
  xLabel: string;
  /** Normal training clips and machine IDs of each machine type, where the x axis is a ratio to them. */
  normalClipsPerId: Record<string, { nClips: number; nIds: number }> | null;
  /** Figures from elsewhere, set beside. */
  compared: ComparedFigures | null;
  omittedVariants: OmittedVariant[];
  /** Machine types that the labels do not allow, and why. */
  skippedTypes: { machineType: string; reason: string }[];
  failures: Failure[];
  measurements: Measurement[];
  aggregates: Aggregate[];
  differences: Difference[];
  /** One a variant that was measured. */
  costs: Costs[];
  maps: EmbeddingMap[];
  runs: RunRecord[];
  /** What a reader of the figures must know beforehand. */
  remarks: string[];
  /** What came up on the way. */
  notes: string[];
}
