import {
  type Clip,
  type Dataset,
  DatasetError,
  seededRandom,
  selectKnownAnomalies,
} from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';

/** A data set with known anomalies in its training split, and the test clips that were put aside for them. */
export interface WithKnownAnomalies {
  dataset: Dataset;
  heldOutClips: Clip[];
}

/** The data set with `nKnown` of the test anomalies of each ID in its training split, out of a pool of `nHeldOut`. */
export function withTestAnomalies(
  dataset: Dataset,
  machineType: string,
  { nKnown, nHeldOut, seed }: { nKnown: number; nHeldOut: number; seed: number },
): WithKnownAnomalies {
  if (nHeldOut === 0) return { dataset, heldOutClips: [] };
  const ofType = dataset.clips.filter((clip) => clip.machineType === machineType);
  const { knownAnomalies, testClips } = selectKnownAnomalies(ofType, {
    nPerId: nKnown,
    nHeldOut,
    random: seededRandom(seed, 'known-anomalies'),
  });
  const kept = new Set(testClips);
  const heldOutClips = ofType.filter((clip) => clip.split === 'test' && !kept.has(clip));
  const heldOut = new Set(heldOutClips);
  const clips = [...dataset.clips.filter((clip) => !heldOut.has(clip)), ...knownAnomalies];
  return { dataset: { ...dataset, clips }, heldOutClips };
}

/** The data set with the recordings at `path` as known anomalies in its training split. */
export function withRecordedAnomalies(
  dataset: Dataset,
  machineType: string,
  { path, onWarning }: { path: string; onWarning: (message: string) => void },
): WithKnownAnomalies {
  const known = readKnownAnomalies(path, machineType, onWarning);
  return { dataset: { ...dataset, clips: [...dataset.clips, ...known] }, heldOutClips: [] };
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
