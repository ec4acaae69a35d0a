import type { Label } from '../clip';
import type { Domain, NamedSplit } from '../names/read-name';
import type { FolderRole } from './folder-roles';
import type { RecordingFile } from './folder-tree';

/** Why a recording is no clip of the data set. */
export type LeftOut =
  | 'no label'
  | 'no label, as in the evaluation data of a challenge'
  | 'neither normal nor faulty';

/** Why a data set is refused; what stands after `because` in the message. */
export type Contradiction =
  | 'its folder says normal and its name anomaly'
  | 'its folder says anomaly and its name normal'
  | 'two of its folders say two labels'
  | 'two of its folders say two splits'
  | 'its folder says train and its name test'
  | 'its name speaks of anomalies, and nothing says which recording is one'
  | 'its name speaks of recordings that are held out, and nothing says train or test';

/** What folders and file name say of one recording together. */
export interface RecordingFacts {
  label: Label;
  split: NamedSplit;
  domain?: Domain;
  snrDb?: number;
  attributes?: string;
  /** Nothing says split or label; taken as normal training. */
  isAssumed: boolean;
  /** The folder says anomaly, and a free name normal: the folder is believed. */
  isDoubtful: boolean;
}

export type ReadRecording = RecordingFacts | { leftOut: LeftOut } | { contradiction: Contradiction };

/**
 * @param roles of the folders from the root to the file
 * @param unlabelled the label of a recording whose names say none
 */
export function readRecording(
  file: RecordingFile,
  roles: readonly FolderRole[],
  unlabelled?: Label,
): ReadRecording {
  const { named } = file;
  if (named?.isBackground || isNoiseAlone(file, roles) || roles.some(({ isBackground }) => isBackground)) {
    return { leftOut: 'neither normal nor faulty' };
  }
  const folderLabels = distinct(roles.map(({ label }) => label));
  const folderSplits = distinct(roles.map(({ split }) => split));
  if (folderLabels.length > 1) return { contradiction: 'two of its folders say two labels' };
  if (folderSplits.length > 1) return { contradiction: 'two of its folders say two splits' };
  const [folderLabel] = folderLabels;
  const fileLabel = named?.label ?? (file.facts.labels.length === 1 ? file.facts.labels[0] : undefined);
  if (folderLabel === 'normal' && fileLabel === 'anomaly') {
    return { contradiction: 'its folder says normal and its name anomaly' };
  }
  const isDoubtful = folderLabel === 'anomaly' && fileLabel === 'normal';
  if (isDoubtful && named?.label !== undefined) {
    return { contradiction: 'its folder says anomaly and its name normal' };
  }
  const split = folderSplits[0] ?? roles.flatMap(({ softSplit }) => softSplit ?? []).at(-1);
  if (split === 'train' && named?.split === 'test') {
    return { contradiction: 'its folder says train and its name test' };
  }
  const fileSplit = named ? named.split : file.facts.splits.length === 1 ? file.facts.splits[0] : undefined;
  const said = { label: folderLabel ?? fileLabel ?? unlabelled, split: split ?? fileSplit };
  return complete(file, roles, { ...said, isDoubtful });
}

/** `background noise 01`, where no folder says a label. */
function isNoiseAlone({ named, facts }: RecordingFile, roles: readonly FolderRole[]): boolean {
  const isNoise = named === null && facts.isBackground && facts.rest === '' && facts.labels.length === 0;
  return isNoise && roles.every(({ label }) => label === undefined);
}

/** Decides what was left open. */
function complete(
  file: RecordingFile,
  roles: readonly FolderRole[],
  said: { label: Label | undefined; split: NamedSplit | undefined; isDoubtful: boolean },
): ReadRecording {
  const { named } = file;
  if (said.label === undefined && said.split !== 'train') {
    if (named !== null) return { leftOut: 'no label, as in the evaluation data of a challenge' };
    if (said.split !== undefined) return { leftOut: 'no label' };
  }
  const label = said.label ?? 'normal';
  const split = said.split ?? (label === 'normal' ? 'train' : 'test');
  const isTraining = split === 'train' && label === 'normal';
  const isOpen = (what: FolderRole['isOpen']) => roles.some((role) => role.isOpen === what);
  if (isTraining && said.label === undefined && (isOpen('label') || file.facts.labels.length > 1)) {
    return { contradiction: 'its name speaks of anomalies, and nothing says which recording is one' };
  }
  if (isTraining && said.split === undefined && isOpen('split')) {
    return {
      contradiction: 'its name speaks of recordings that are held out, and nothing says train or test',
    };
  }
  const domain = named?.domain ?? roles.flatMap((role) => role.domain ?? []).at(-1);
  const snrDb = roles.flatMap((role) => role.snrDb ?? []).at(-1);
  return {
    ...{ label, split, isDoubtful: said.isDoubtful },
    isAssumed: said.label === undefined && said.split === undefined,
    ...(domain === undefined ? {} : { domain }),
    ...(snrDb === undefined ? {} : { snrDb }),
    ...(named?.attributes === undefined ? {} : { attributes: named.attributes }),
  };
}

function distinct<T>(values: readonly (T | undefined)[]): T[] {
  return [...new Set(values.filter((value): value is T => value !== undefined))];
}
