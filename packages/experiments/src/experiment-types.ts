import type { AggregationMethod } from '@serial-oe/aggregator';
import type { DetectorSpec } from './jobs/detector-spec';
import type { ComparedFigures } from './results/compared-figures';

/** How one system is trained, the machine type and the seed apart. */
export interface TrainingRecipe {
  /** Changes to the configuration that the system is set up with; the system checks them. */
  config: object;
  /** Test anomalies of each machine ID that move into training: known as anomalies, or hidden as normal clips. */
  moved?: { nPerId: number; as: 'anomaly' | 'normal' };
  /** Whether it starts from the files of the system's setup (`startFrom`), where there are any. */
  isPretrained: boolean;
}

/** How the test clips are scored. With neither detector nor aggregation: as the system scores them. */
export interface ScoringRecipe {
  /** Fitted on the system's embeddings of normal clips, in place of its own scores. Needs a scorer that has `embed`. */
  detector?: DetectorSpec;
  /** What a detector is fitted on: the clips of each machine ID (default), or all of the type. */
  detectorScope?: 'machineId' | 'machineType';
  /** From the scores of a clip's chunks to its own. Default: the system's score; with a detector 'upperHalfMean'. */
  aggregation?: AggregationMethod;
  /** Test anomalies of each machine ID that are left out of the test, so that variants compare. Default 0. */
  nHeldOut?: number;
}

/** One row of a table, or one point of a curve. */
export interface Variant {
  /** Such as `no-mixup`; unique within its experiment. */
  id: string;
  title: string;
  /** Name of the system. */
  system: string;
  training: TrainingRecipe;
  scoring: ScoringRecipe;
  /** Where it lies on a curve; its curve's name and its place on the x axis. */
  curve?: { label: string; x: number };
  /** Whether the others are expected to beat it: the results say where they do not. Default false. */
  isBaseline?: boolean;
}

/** A variant that cannot be run, and what it needs. */
export interface OmittedVariant {
  id: string;
  title: string;
  reason: string;
}

/** What a data set must have for an experiment, for each machine type. */
export interface LabelNeeds {
  /** At least so many machine IDs with normal training clips. Default 1. */
  nMachineIds?: number;
  /** Figures need normal and anomalous test clips of at least one ID (default); a map needs test clips of any kind. */
  test?: 'bothClasses' | 'any';
  /** Whether normal training clips of another machine type must be there, to learn from the difference. Default false. */
  hasOtherTypes?: boolean;
  /** What to do where too few anomalies are there to be moved; put at the end of the message. */
  remedy?: string;
}

/** A question, and the variants that are measured side by side to answer it. */
export interface Experiment {
  /** Names its folder and its place in messages: letters, digits, `.`, `_` and `-`. */
  name: string;
  title: string;
  /** Where it is from, such as a table of a paper. */
  source?: string;
  /** What it asks, in a sentence. */
  question: string;
  needs?: LabelNeeds;
  variants: readonly (Variant | OmittedVariant)[];
  /** Title of the x axis, where variants lie on curves. */
  xLabel?: string;
  /**
   * Where places on curves are clips of each machine ID: whether plots show them as the ratio to its normal training clips, per
   * cent. Default false.
   */
  hasRatioAxis?: boolean;
  /** Whether a map of the test clips' embeddings is drawn of each variant. Default false. */
  hasMaps?: boolean;
  /** Figures from elsewhere that are set beside the results. */
  compared?: ComparedFigures;
  /** What a reader of its figures must know. */
  remarks?: readonly string[];
}

/** What an experiment does beside training. */
export interface ExperimentProtocol {
  /** 'perIdZScore': each ID's chunk scores lose their mean and are divided by their deviation over the set being evaluated. */
  scoreNormalization: 'none' | 'perIdZScore';
  /**
   * 'nested': sets of known anomalies out of one pool that leaves the test set at every point. 'reference': independent draws,
   * of which only the largest set leaves it, so that most of the smaller ones are tested on.
   */
  knownAnomalies: 'nested' | 'reference';
  /** What contaminating clips, labelled normal, reach. 'extractorOnly' needs variants with a detector of their own. */
  contamination: 'extractorAndDetectors' | 'extractorOnly';
}

/** No score depends on other test clips, and no test clip was trained on. Frozen. */
export const DEFAULT_PROTOCOL: Readonly<ExperimentProtocol> = Object.freeze({
  scoreNormalization: 'none',
  knownAnomalies: 'nested',
  contamination: 'extractorAndDetectors',
});

/** Whether a variant is run. */
export function isRunnable(variant: Variant | OmittedVariant): variant is Variant {
  return 'training' in variant;
}

/** Anomalies of each machine ID that leave the test, at most; 0 where none do. */
export function nMovedOf({ variants }: Pick<Experiment, 'variants'>): number {
  const numbers = variants
    .filter(isRunnable)
    .map(({ training, scoring }) => Math.max(training.moved?.nPerId ?? 0, scoring.nHeldOut ?? 0));
  return Math.max(0, ...numbers);
}
