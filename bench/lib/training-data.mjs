// The recordings of a comparison of trainings.
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';

/**
 * The clips of the folders that every contender reads, and what they are in words and numbers.
 *
 * @throws where the machine type has no training clip, or no test clip that has a detector
 */
export function readTrainingData(folders, machineType) {
  const { clips: all } = mergeDatasets(folders.map((folder) => scanDataset(resolve(folder))));
  const isTarget = ({ machineType: type }) => type === machineType;
  const ofSplit = (split) => all.filter((clip) => clip.split === split);
  const train = ofSplit('train').filter((clip) => clip.label === 'normal');
  const known = new Set(train.filter(isTarget).map(({ machineId }) => machineId));
  const test = ofSplit('test').filter((clip) => isTarget(clip) && known.has(clip.machineId));
  if (test.length === 0) {
    throw new Error(
      `bench: the data must hold training and test clips of ${machineType}, got ${all.length} others.`,
    );
  }
  const clips = [...train, ...test].map(({ path, machineType: type, machineId, label, split }) => {
    return { path: resolve(path), machineType: type, machineId, label, split };
  });
  const summary = {
    names: folders.map((folder) => basename(resolve(folder))),
    nNormal: train.filter(isTarget).length,
    nOutliers: train.filter((clip) => !isTarget(clip)).length,
    nTest: test.length,
    clips: fingerprint(clips),
  };
  return { clips, summary };
}

/** The same for the same recordings, wherever they lie. */
function fingerprint(clips) {
  const lines = clips.map(({ path, ...rest }) => JSON.stringify({ file: basename(path), ...rest })).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}
