import type { Clip } from '@serial-oe/datasets';
import { type Experiment, nMovedOf } from '../experiment-types';

/** What a machine type of a data set lacks for an experiment, in words for the user; null where it lacks nothing. */
export function missingLabels(
  clips: readonly Clip[],
  machineType: string,
  experiment: Pick<Experiment, 'needs' | 'variants'>,
): string | null {
  const { nMachineIds = 1, test: needsTest = 'bothClasses', hasOtherTypes = false } = experiment.needs ?? {};
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const normals = clips.filter(({ split, label }) => split === 'train' && label === 'normal');
  const ids = [
    ...new Set(normals.filter((clip) => clip.machineType === machineType).map(({ machineId }) => machineId)),
  ];
  if (ids.length === 0) return 'it has no normal training clips (split "train", label "normal")';
  if (hasOtherTypes && normals.every((clip) => clip.machineType === machineType)) {
    return 'no other machine type has normal training clips, and the method learns by telling types apart';
  }
  if (ids.length < nMachineIds) {
    return `machine IDs are missing: it needs clips of at least ${nMachineIds}, and all are of ${ids.join(', ')}`;
  }
  const test = ofType.filter(({ split, machineId }) => split === 'test' && ids.includes(machineId));
  if (test.length === 0) return 'it has no test clips (split "test") of the machine IDs that are trained';
  if (needsTest === 'any') return null;
  const count = (machineId: string, label: Clip['label']) =>
    test.filter((clip) => clip.machineId === machineId && clip.label === label).length;
  const measured = ids.filter((id) => count(id, 'normal') > 0 && count(id, 'anomaly') > 0);
  if (measured.length === 0) {
    const missing = test.some(({ label }) => label === 'anomaly') ? 'normal' : 'anomaly';
    return `no machine ID has test clips of both labels: clips with the label "${missing}" are missing`;
  }
  const counts = ids.map((id) => ({ id, n: count(id, 'anomaly') }));
  return tooFewToMove(counts, experiment);
}

function tooFewToMove(
  counts: readonly { id: string; n: number }[],
  experiment: Pick<Experiment, 'needs' | 'variants'>,
): string | null {
  const nMoved = nMovedOf(experiment);
  const tooFew = counts.filter(({ n }) => n > 0 && n <= nMoved);
  if (nMoved === 0 || tooFew.length === 0) return null;
  const found = tooFew.map(({ id, n }) => `${id} has ${n}`).join(', ');
  return (
    `each machine ID needs more than ${nMoved} anomalous test clips, of which ${nMoved} leave the test, and ${found}; ` +
    (experiment.needs?.remedy ?? 'take smaller numbers')
  );
}
