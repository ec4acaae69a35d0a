import { dirname, relative, resolve, sep } from 'node:path';
import { type Clip, type Dataset, DatasetError, mentionedMachineTypes } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';

/** The data set with the recordings at `path` as known anomalies in its training split. */
export function withRecordedAnomalies(
  dataset: Dataset,
  machineType: string,
  { path, onWarning }: { path: string; onWarning: (message: string) => void },
): Dataset {
  const known = readLabelled(path, { machineType, label: 'anomaly', caller: 'serial-oe train', onWarning });
  return { ...dataset, clips: [...dataset.clips, ...known] };
}

export interface LabelledOptions {
  machineType: string;
  /** Which recordings are wanted; one whose names say nothing is of these. */
  label: Clip['label'];
  /** What messages begin with. */
  caller: string;
  onWarning(message: string): void;
}

const WORDS = {
  anomaly: { wanted: 'known anomalies', others: 'normal', adjective: 'anomalous' },
  normal: { wanted: 'normal recordings', others: 'anomalous', adjective: 'normal' },
};

/**
 * The recordings of a label of the machine type at `path`, as training clips: every one that no name calls otherwise. In plain folders
 * that do not name this type they are all of it: a heap of files, or a folder for each kind of fault.
 */
export function readLabelled(
  path: string,
  { machineType, label, caller, onWarning }: LabelledOptions,
): Clip[] {
  const { clips, layout } = scanDataset(path, { machineType, unlabelled: label });
  const isPlain = layout === 'folders';
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const isTypeNamed = clips.some((clip) => foldersOf(clip, path).includes(machineType));
  const isKind = (clip: Clip) => ofType.length === 0 || mentionedMachineTypes(clip.machineType).length === 0;
  const candidates =
    !isPlain || isTypeNamed ? ofType : clips.filter((clip) => ofType.includes(clip) || isKind(clip));
  const known = candidates.filter((clip) => clip.label === label);
  const { wanted, others, adjective } = WORDS[label];
  if (known.length === 0) {
    throw new DatasetError(
      `${caller}: ${path} must hold ${wanted} of ${machineType}, got ${clips.length} clip(s) that are ` +
        `${others} or of other machine types. Name the folder of the ${adjective} recordings.`,
    );
  }
  const nLeftOut = clips.length - known.length;
  if (nLeftOut > 0) {
    onWarning(
      `${nLeftOut} clip(s) in ${path} left out: they are ${others} or of other machine types; ` +
        `${known.length} ${wanted} of ${machineType} taken.`,
    );
  }
  return known.map((clip) => ({ ...clip, machineType, label, split: 'train' }));
}

function foldersOf(clip: Clip, root: string): string[] {
  return relative(resolve(root), dirname(clip.path)).split(sep);
}
