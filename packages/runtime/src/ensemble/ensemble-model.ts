import type { Fusion } from '@serial-oe/decision';
import type { ClipScorer } from '../contract/asd-system';
import type { MachineFusion } from './fusion-model';

/** A trained system of an ensemble. */
export interface TrainedMember {
  name: string;
  scorer: ClipScorer;
}

/** A system that the data did not suffice for. */
export interface LeftOutMember {
  name: string;
  /** In words. */
  reason: string;
}

/** What an ensemble scores by, and how it came to be. */
export interface EnsembleModel {
  /** The first scores the embeddings that the ensemble gives. */
  members: readonly TrainedMember[];
  fusion: Fusion;
  machines: ReadonlyMap<string, MachineFusion>;
  machineType: string;
  decision: { falseAlarmRate: number };
  leftOut: readonly LeftOutMember[];
  /** Test clips that were put aside (`clipKey`). */
  heldOutClips: readonly string[];
  /** Of the training; undefined where a member has none. */
  fingerprint: string | undefined;
}
