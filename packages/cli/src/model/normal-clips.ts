import { type Clip, mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import type { LoadedModel } from './loaded-model';
import { isOfType, knownMachine } from './machine-names';

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
export function normalClipsAmong(model: Machines, found: readonly Clip[]): Clip[] {
  const { machineType, machineIds, usesMachineIds } = model;
  const normal = found.filter((clip) => isOfType(clip, machineType) && clip.label === 'normal');
  return normal.flatMap((clip) => {
    const machineId = usesMachineIds ? knownMachine(model, clip) : machineIds[0];
    return machineId === undefined ? [] : [{ ...clip, machineId }];
  });
}
