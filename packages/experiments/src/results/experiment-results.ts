import type { CurveFigures } from '@serial-oe/evaluation';
import type { ExperimentProtocol, PresetName, SerialOeConfig } from '@serial-oe/serial-oe';
import type { ExperimentName, OmittedVariant } from '../experiment-types';
import type { RunRecord } from '../jobs/job-types';

/** AUC, pAUC and aAUC of a machine ID, in [0, 1]; null where a class is missing. */
export interface IdFigures extends CurveFigures {
  machineId: string;
  /** Whether the averages of the type are taken over it: on DCASE2020 over the development IDs alone. */
  isAveraged: boolean;
}

/** One variant measured once: a machine type, a seed. */
export interface Measurement {
  variant: string;
  machineType: string;
  seed: number;
  /** The run that made it: its configuration and commit are under `runs`. */
  runId: string;
  perId: IdFigures[];
  /** Means over the averaged IDs, and the lowest AUC of them. */
  type: { auc: number | null; pAuc: number | null; aAuc: number | null; mAuc: number | null };
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
export type Metric = 'auc' | 'pAuc' | 'aAuc' | 'mAuc';

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
  runId: string;
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
  runId: string;
  reason: string;
}

/** A variant of the results; on a curve, with its place. */
export interface ResultVariant {
  id: string;
  title: string;
  curve: { label: string; x: number } | null;
}

/** Everything that an experiment found; `results.json`. */
export interface ExperimentResults {
  formatVersion: 1;
  experiment: ExperimentName;
  title: string;
  source: string;
  question: string;
  /** ISO 8601, UTC. */
  generatedAt: string;
  version: string;
  commit: string | null;
  dataset: { name: string; nClips: number; isDcase2020: boolean };
  preset: PresetName;
  /** The configuration before a variant changes it, with the first seed. */
  config: SerialOeConfig;
  protocol: ExperimentProtocol;
  /** SHA-256 of the pretrained weights, as `backboneChecksum` of efficientnet-extractor. */
  pretrainedWeights: string | null;
  machineTypes: string[];
  seeds: number[];
  variants: ResultVariant[];
  omittedVariants: OmittedVariant[];
  /** Machine types that the labels do not allow, and why. */
  skippedTypes: { machineType: string; reason: string }[];
  failures: Failure[];
  measurements: Measurement[];
  aggregates: Aggregate[];
  maps: EmbeddingMap[];
  runs: RunRecord[];
  /** What a reader of the figures must know. */
  notes: string[];
}
