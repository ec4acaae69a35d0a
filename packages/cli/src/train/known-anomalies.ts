import { dirname, relative, resolve, sep } from 'node:path';
import { type Clip, type Dataset, DatasetError, mentionedMachineTypes } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';

/** The data set with the recordings at `path` as known anomalies in its training split. */
export function withRecordedAnomalies(
  dataset: Dataset,
  machineType: string,
  { path, onWarning }: { path: string; onWarning: (message: string) => void },
): Dataset {
  const known = readKnownAnomalies(path, machineType, onWarning);
  return { ...dataset, clips: [...dataset.clips, ...known] };
}

/**
 * The anomalies of the machine type at `path`: every recording that no name calls normal. In plain folders that do not name
 * this type they are all of it: a heap of files, or a folder for each kind of fault.
 */
function readKnownAnomalies(path: string, machineType: string, onWarning: (message: string) => void): Clip[] {
  const { clips, layout } = scanDataset(path, { machineType, unlabelled: 'anomaly' });
  const isPlain = layout === 'folders';
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const isTypeNamed = clips.some((clip) => foldersOf(clip, path).includes(machineType));
  const isKind = (clip: Clip) => ofType.length === 0 || mentionedMachineTypes(clip.machineType).length === 0;
  const candidates =
    !isPlain || isTypeNamed ? ofType : clips.filter((clip) => ofType.includes(clip) || isKind(clip));
  const known = candidates.filter((clip) => clip.label === 'anomaly');
  if (known.length === 0) {
    throw new DatasetError(
      `serial-oe train: ${path} must hold known anomalies of ${machineType}, got ${clips.length} clip(s) that are ` +
        'normal or of other machine types. Name the folder of the anomalous recordings.',
    );
  }
  const nLeftOut = clips.length - known.length;
  if (nLeftOut > 0) {
    onWarning(
      `${nLeftOut} clip(s) in ${path} left out: they are normal or of other machine types; ` +
        `${known.length} known anomalies of ${machineType} taken.`,
    );
  }
  return known.map((clip) => ({ ...clip, machineType, label: 'anomaly', split: 'train' }));
}

function foldersOf(clip: Clip, root: string): string[] {
  return relative(resolve(root), dirname(clip.path)).split(sep);
}
