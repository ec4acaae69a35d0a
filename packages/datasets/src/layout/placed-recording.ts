import type { Label } from '../clip';
import type { NamedSplit } from '../names/read-name';
import type { FolderRole } from './folder-roles';
import type { MachineLevels } from './machine-levels';
import type { RecordingFacts } from './read-recording';

/** What folders above the root say. */
export interface WordsAbove {
  split?: NamedSplit | undefined;
  label?: Label | undefined;
}

export interface PlaceRecordingsOptions {
  /** The caller's name in errors. */
  where: string;
  /** Names of the root and the folders above it, the root first. */
  rootNames: readonly string[];
  /** For messages. */
  rootPath: string;
  /** Of a root that lies in `test` beside `train`, or in `nok` beside `ok`: what nothing below says. */
  above?: WordsAbove;
  /** The machine type of recordings whose folders name none. */
  machineType: string | undefined;
  /** The label of recordings whose names say none; by default only those in training are taken, as normal. */
  unlabelled?: Label | undefined;
  /** The path of a recording from its names below the root. */
  toPath: (names: readonly string[]) => string;
  /** Takes recordings named as in DCASE2020 alone. */
  isDcase2020Only?: boolean;
}

/** A recording that is taken, with what was read of it. */
export interface PlacedRecording extends MachineLevels {
  facts: RecordingFacts;
  /** Roles of the folders from the root to it. */
  chain: readonly FolderRole[];
}
