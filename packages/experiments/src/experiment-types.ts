import type { AggregationMethod } from '@serial-oe/aggregator';
import type { SerialOeConfigOverrides } from '@serial-oe/serial-oe';
import type { DetectorSpec } from './jobs/detector-spec';

/** The tables and figures of the paper, each an experiment. */
export type ExperimentName =
  | 'main'
  | 'id-loss'
  | 'ablation'
  | 'no-id'
  | 'few-anomalies'
  | 'contamination'
  | 'embedding'
  | 'detectors'
  | 'aggregators';

/** How one extractor is trained, the machine type and the seed apart. */
export interface TrainingRecipe {
  /** Changes to the experiment's configuration. */
  config: SerialOeConfigOverrides;
  /** Test anomalies of each machine ID that move into training: known as anomalies, or hidden as normal clips. */
  moved?: { nPerId: number; as: 'anomaly' | 'normal' };
  /** Whether it starts from the pretrained weights, where there are any. */
  isPretrained: boolean;
}

/** How the embeddings of an extractor become scores. */
export interface ScoringRecipe {
  /** Default: the mixture that the configuration names. */
  detector?: DetectorSpec;
  /** Default: the configuration's. */
  aggregation?: AggregationMethod;
  /** Test anomalies of each machine ID that are left out of the test, so that variants compare. Default 0. */
  nHeldOut?: number;
}

/** One row of a table, or one point of a curve. */
export interface Variant {
  /** Such as `no-mixup`; unique within its experiment. */
  id: string;
  title: string;
  training: TrainingRecipe;
  scoring: ScoringRecipe;
  /** Where it lies on a curve; its curve's name and its place on the x axis. */
  curve?: { label: string; x: number };
}

/** A variant that cannot be run, and what it needs. */
export interface OmittedVariant {
  id: string;
  title: string;
  reason: string;
}

/** Choices of the user that decide which variants there are. */
export interface VariantChoices {
  hasPretrained: boolean;
  /** Numbers of anomalies an ID, ascending, from 0. */
  counts: readonly number[];
}

/** What a data set must have for an experiment, for each machine type. */
export interface LabelNeeds {
  /** At least so many machine IDs with normal training clips. */
  nMachineIds: number;
  /** Figures need normal and anomalous test clips of at least one ID; a map needs test clips of any kind. */
  test: 'bothClasses' | 'any';
  /** Whether anomalies move from test to training. */
  movesAnomalies: boolean;
}

/** One of the nine. */
export interface Experiment {
  name: ExperimentName;
  title: string;
  /** Where it stands in the paper. */
  source: string;
  /** What it asks, in a sentence. */
  question: string;
  needs: LabelNeeds;
  variants(choices: VariantChoices): (Variant | OmittedVariant)[];
}

/** Whether a variant is run. */
export function isRunnable(variant: Variant | OmittedVariant): variant is Variant {
  return 'training' in variant;
}
