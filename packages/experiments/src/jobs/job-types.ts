import type { AggregationMethod } from '@serial-oe/aggregator';
import type { Clip } from '@serial-oe/datasets';
import type { Embeddings, Target, TrainingProgress } from '@serial-oe/runtime';
import type { ExperimentProtocol } from '../experiment-types';
import type { DetectorSpec } from './detector-spec';

/** A clip under the name that identifies it wherever its data set lies: its path below the common folder of all clips. */
export interface NamedClip extends Clip {
  name: string;
}

/** What is known of a clip whose scores are compared. */
export type ClipFacts = Pick<NamedClip, 'name' | 'machineType' | 'machineId' | 'label' | 'domain'>;

/** Embeddings of one clip, with what scoring must know of it. */
export interface EmbeddedClip extends ClipFacts {
  /** `fit` clips are what detectors are fitted on; `test` clips took no part in training, leaks apart. */
  role: 'fit' | 'test';
  /** An anomaly that was hidden among the normal clips. */
  isContaminant: boolean;
  embeddings: Embeddings;
}

/** A test clip as a system scores it. */
export interface ClipScores extends ClipFacts {
  /** The system's verdict on the clip; null where a detector scored its chunks, of which nothing has made one yet. */
  anomalyScore: number | null;
  chunkScores: Float64Array;
}

/** One way to score the test clips of a job. */
export interface ScoringJob {
  /** Names the result's file. */
  key: string;
  /** Null for the system's own scores. */
  detector: DetectorSpec | null;
  detectorScope: 'machineId' | 'machineType';
  /** Null for the system's own, or `aggregate`'s default where chunk scores are not the system's. */
  aggregation: AggregationMethod | null;
  protocol: ExperimentProtocol;
  /** Names of the clips that are scored. */
  testClips: readonly string[];
}

/** Files that a training starts from, by the name that the system knows. */
export interface StartFiles {
  /** Absolute. */
  paths: Record<string, string>;
  /** What identifies the content of each: SHA-256, or what the setup says. */
  hashes: Record<string, string>;
}

/** Everything that one training and its measurement need; plain data, so that it can be sent to a process. */
export interface Job {
  id: string;
  /** Where its files are. */
  folder: string;
  /** Name of the system. */
  system: string;
  target: Target;
  config: object;
  seed: number;
  /** All clips that train, moved ones included. */
  trainClips: readonly NamedClip[];
  /** Test clips of the target. */
  testClips: readonly NamedClip[];
  /** Names of the test anomalies among the training clips, known as such or labelled normal. */
  moved: readonly string[];
  /** Clips may be tested on that were trained on: the published code's protocol, and nothing else. */
  isLeaky: boolean;
  startFrom: StartFiles | null;
  /** Updates of the whole training. */
  nUpdates: number;
  scorings: readonly ScoringJob[];
  /** Whether embeddings of the test clips are kept for a map. */
  isMapped: boolean;
}

/** How far a job is done: `embeddings` leaves out what detectors score, and leaves the embeddings for them. */
export type JobEnd = 'embeddings' | 'end';

/** The score of one clip. */
export interface ClipRow extends ClipFacts {
  anomalyScore: number;
}

/** The scores of one scoring job. */
export interface ScoresFile extends Omit<ScoringJob, 'testClips'> {
  rows: ClipRow[];
  /** Why there are none; null where there are. */
  problem: string | null;
}

/** Of {@link RunRecord}. Files of another format are refused by name. */
export const RECORD_FORMAT = 2;

/** What is known of a finished training; kept as `run.json`. */
export interface RunRecord {
  formatVersion: typeof RECORD_FORMAT;
  id: string;
  system: string;
  /** Of the target. */
  machineType: string;
  /** Null where the training covers more than one. */
  machineId: string | null;
  seed: number;
  config: object;
  /** Normal training clips of the target, contaminants included. */
  nNormalClips: number;
  /** Normal training clips of other types. */
  nOtherClips: number;
  nKnownAnomalies: number;
  nContaminants: number;
  /** Updates in the whole training. */
  nUpdates: number;
  /** Mean loss of the last epoch; null for a system without epochs. */
  finalLoss: number | null;
  /** Whether the scorer gives embeddings. */
  hasEmbeddings: boolean;
  /** Names of the files in `model/`. */
  modelFiles: string[];
  /** What computes, by the queue's name for it. */
  backend: string;
  /** What identifies each file that the training started from, by name; null where it started afresh. */
  startFrom: Record<string, string> | null;
  /** Of the training; a resumed one counts from where it went on. */
  seconds: number;
  /** Commit of the source that trained, where it is run from a checkout; `+` where files had changed. */
  commit: string | null;
  /** What the scorer says of its training, lists and objects apart, which its model keeps. */
  provenance: Record<string, string | number | boolean | null>;
}

/** What scoring took; kept as `timing.json`. */
export interface TimingFile {
  /** Median over the clips that were timed: features and score, while nothing is read. */
  msPerClip: number;
  /** That were timed. */
  nClips: number;
}

/** What a job tells. */
export type JobEvent =
  | { kind: 'started' }
  | { kind: 'training'; event: TrainingProgress }
  | { kind: 'embedding'; nDone: number; nTotal: number }
  | { kind: 'scoring'; nDone: number; nTotal: number };
