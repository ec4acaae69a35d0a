import type { Clip } from '@serial-oe/datasets';
import type { Experiment } from '../experiment-types';

/**
 * What a machine type of a data set lacks for an experiment, in words for the user; null where it lacks nothing.
 * @param nMoved anomalies of each machine ID that leave the test, 0 where none do
 */
export function missingLabels(
  clips: readonly Clip[],
  machineType: string,
  { needs }: Pick<Experiment, 'needs'>,
  nMoved: number,
): string | null {
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const normals = clips.filter(({ split, label }) => split === 'train' && label === 'normal');
  const ids = [
    ...new Set(normals.filter((clip) => clip.machineType === machineType).map(({ machineId }) => machineId)),
  ];
  if (ids.length === 0) return 'it has no normal training clips (split "train", label "normal")';
  if (normals.every((clip) => clip.machineType === machineType)) {
    return 'no other machine type has normal training clips, and the method learns by telling types apart';
  }
  if (ids.length < needs.nMachineIds) {
    return `machine IDs are missing: it needs clips of at least ${needs.nMachineIds}, and all are of ${ids.join(', ')}`;
  }
  const test = ofType.filter(({ split, machineId }) => split === 'test' && ids.includes(machineId));
  if (test.length === 0) return 'it has no test clips (split "test") of the machine IDs that are trained';
  if (needs.test === 'any') return null;
  const count = (machineId: string, label: Clip['label']) =>
    test.filter((clip) => clip.machineId === machineId && clip.label === label).length;
  const measured = ids.filter((id) => count(id, 'normal') > 0 && count(id, 'anomaly') > 0);
  if (measured.length === 0) {
    const missing = test.some(({ label }) => label === 'anomaly') ? 'normal' : 'anomaly';
    return `no machine ID has test clips of both labels: clips with the label "${missing}" are missing`;
  }
  if (!needs.movesAnomalies) return null;
  const tooFew = ids.filter((id) => count(id, 'anomaly') > 0 && count(id, 'anomaly') <= nMoved);
  if (tooFew.length === 0) return null;
  const found = tooFew.map((id) => `${id} has ${count(id, 'anomaly')}`).join(', ');
  return (
    `each machine ID needs more than ${nMoved} anomalous test clips, of which ${nMoved} leave the test, and ${found}; ` +
    `smaller numbers: --counts 0,1,2`
  );
}
