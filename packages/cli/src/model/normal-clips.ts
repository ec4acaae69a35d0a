import { type Clip, findMachineId, mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import type { LoadedModel } from './loaded-model';

/**
 * Normal clips of the model's machines in these folders, under the IDs that it knows them by, of any split.
 * @returns `nFound`: clips of all kinds that there are, for the message where none is one of them
 */
export function normalClipsOf(
  { machineType, machineIds, usesMachineIds }: LoadedModel,
  folders: readonly string[],
): { clips: Clip[]; nFound: number } {
  const { clips: found } = mergeDatasets(folders.map((folder) => scanDataset(folder)));
  const normal = found.filter((clip) => clip.machineType === machineType && clip.label === 'normal');
  const clips = normal.flatMap((clip) => {
    const machineId = usesMachineIds ? findMachineId(machineIds, clip.machineId) : machineIds[0];
    return machineId === undefined ? [] : [{ ...clip, machineId }];
  });
  return { clips, nFound: found.length };
}
