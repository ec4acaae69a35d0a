import { type Clip, type Dataset, DatasetError } from '@serial-oe/datasets';
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
 * The anomalies of the machine type at `path`. In plain folders that name neither this type nor an anomaly every
 * recording is one: a heap of files, or a folder for each kind of fault.
 */
function readKnownAnomalies(path: string, machineType: string, onWarning: (message: string) => void): Clip[] {
  const { clips, layout } = scanDataset(path, { machineType });
  const isPlain = layout === 'folders';
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const candidates = isPlain && ofType.length === 0 ? clips : ofType;
  const anomalies = candidates.filter((clip) => clip.label === 'anomaly');
  const known = isPlain && anomalies.length === 0 ? candidates : anomalies;
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
