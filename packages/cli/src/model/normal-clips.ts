import { type Clip, findMachineId, mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import type { LoadedModel } from './loaded-model';

type Machines = Pick<LoadedModel, 'machineType' | 'machineIds' | 'usesMachineIds'>;

/**
 * Normal clips of the model's machines in these folders, under the IDs that it knows them by, of any split.
 * @returns `nFound`: clips of all kinds that there are, for the message where none is one of them
 */
export function normalClipsOf(
  model: Machines,
  folders: readonly string[],
): { clips: Clip[]; nFound: number } {
  const { clips: found } = mergeDatasets(folders.map((folder) => scanDataset(folder)));
  return { clips: normalClipsAmong(model, found), nFound: found.length };
}

/** The normal clips of the model's machines, under the IDs that it knows them by, of any split. */
export function normalClipsAmong(
  { machineType, machineIds, usesMachineIds }: Machines,
  found: readonly Clip[],
): Clip[] {
  const normal = found.filter((clip) => clip.machineType === machineType && clip.label === 'normal');
  return normal.flatMap((clip) => {
    const machineId = usesMachineIds ? findMachineId(machineIds, clip.machineId) : machineIds[0];
    return machineId === undefined ? [] : [{ ...clip, machineId }];
  });
}
