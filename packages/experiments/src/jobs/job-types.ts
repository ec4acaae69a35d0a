import type { AggregationMethod } from '@serial-oe/aggregator';
import type { Clip, Label } from '@serial-oe/datasets';
import type { Embeddings } from '@serial-oe/runtime';
import type { ExperimentProtocol, SerialOeConfig, TrainingProgress } from '@serial-oe/serial-oe';
import type { DetectorSpec } from './detector-spec';

/** A clip under the name that identifies it wherever its data set lies: its path below the common folder of all clips. */
export interface NamedClip extends Clip {
  name: string;
}

/** Embeddings of one clip of the target type, with what scoring must know of it. */
export interface EmbeddedClip {
  name: string;
  machineId: string;
  label: Label;
  /** `fit` clips are what the configuration fits detectors on; `test` clips took no part in training, leaks apart. */
  role: 'fit' | 'test';
  /** An anomaly that was hidden among the normal clips. */
  isContaminant: boolean;
  embeddings: Embeddings;
}

/** One way to score the test clips of a run. */
export interface ScoringJob {
  /** Names the result's file. */
  key: string;
  detector: DetectorSpec | null;
  aggregation: AggregationMethod;
  protocol: ExperimentProtocol;
  /** Names of the clips that are scored. */
  testClips: readonly string[];
}

/** Everything that one run needs; plain data, so that it can be sent to a process. */
export interface RunJob {
  id: string;
  /** Where its files are. */
  folder: string;
  machineType: string;
  config: SerialOeConfig;
  /** All clips that train, moved ones included. */
  trainClips: readonly NamedClip[];
  /** Test clips of the target type. */
  testClips: readonly NamedClip[];
  /** Names of the test anomalies among the training clips, known as such or labelled normal. */
  moved: readonly string[];
  /** Clips may be tested on that were trained on: the published code's protocol, and nothing else. */
  isLeaky: boolean;
  weightsFile: string | null;
  scorings: readonly ScoringJob[];
  /** Threads that prepare spectrograms. */
  featureWorkers: number;
}

/** The score of one clip. */
export interface ClipRow {
  name: string;
  machineId: string;
  label: Label;
  anomalyScore: number;
}

/** The scores of one scoring job. */
export interface ScoresFile extends Omit<ScoringJob, 'testClips'> {
  rows: ClipRow[];
  /** Why there are none; null where there are. */
  problem: string | null;
}

/** What is known of a finished training; kept as `run.json`. */
export interface RunRecord {
  id: string;
  machineType: string;
  config: SerialOeConfig;
  nNormalClips: number;
  nOutlierClips: number;
  nKnownAnomalies: number;
  nContaminants: number;
  nSteps: number;
  /** Mean loss of the last epoch. */
  finalLoss: number | null;
  /** Whose weights the model has, from 1. */
  selectedEpoch: number | null;
  backend: string;
  operations: string;
  pretrainedWeights: string | null;
  trainedAt: string;
  version: string;
  /** Commit of the source that trained, where it is run from a checkout; `+` where files had changed. */
  commit: string | null;
  /** Of training and embedding in this process; a resumed run counts from where it went on. */
  seconds: number;
}

/** What a run tells. */
export type RunEvent =
  | { kind: 'training'; event: TrainingProgress }
  | { kind: 'embedding'; nDone: number; nTotal: number }
  | { kind: 'scoring'; nDone: number; nTotal: number };
