import { type Clip, type Dataset, findMachineId } from '@serial-oe/datasets';
import { clipKey } from '../contract/clip-key';
import { TrainingDataError } from '../errors';

/** What a model can be tested on. */
export interface TestedModel {
  machineType: string;
  /** Machines that it has a detector for. */
  machineIds: readonly string[];
  /** False where one detector serves all machines of the type; default true. */
  usesMachineIds?: boolean | undefined;
  /** Test clips that were put aside when it was trained (`clipKey`). */
  heldOutClips?: readonly string[] | undefined;
}

/** Test clips of a data set for a model. */
export interface ChosenTestClips {
  /** With the model's spelling of their machine IDs. */
  clips: Clip[];
  /** Clips of machine IDs that the model has no detector for, by ID. */
  unknownMachineIds: Record<string, number>;
  /** Clips that were put aside for training. */
  nHeldOut: number;
}

/**
 * The test clips of the model's machine type that it has not been trained with.
 * @throws TrainingDataError where there are none; `caller` opens the message
 */
export function chooseTestClips(
  { clips }: Pick<Dataset, 'clips'>,
  model: TestedModel,
  caller: string,
): ChosenTestClips {
  const { machineType, machineIds, usesMachineIds = true, heldOutClips = [] } = model;
  const heldOut = new Set(heldOutClips);
  const ofType = clips.filter((clip) => clip.split === 'test' && clip.machineType === machineType);
  const offered = ofType.filter((clip) => !heldOut.has(clipKey(clip)));
  const chosen: Clip[] = [];
  const unknown: Clip[] = [];
  for (const clip of offered) {
    const known = usesMachineIds ? findMachineId(machineIds, clip.machineId) : clip.machineId;
    if (known === undefined) unknown.push(clip);
    else chosen.push(known === clip.machineId ? clip : { ...clip, machineId: known });
  }
  if (chosen.length === 0) throw nothingToScore(model, { ofType, offered, caller });
  return { clips: chosen, unknownMachineIds: countBy(unknown), nHeldOut: ofType.length - offered.length };
}

function countBy(clips: readonly Clip[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { machineId } of clips) counts[machineId] = (counts[machineId] ?? 0) + 1;
  return counts;
}

function nothingToScore(
  { machineType, machineIds }: TestedModel,
  { ofType, offered, caller }: { ofType: readonly Clip[]; offered: readonly Clip[]; caller: string },
): TrainingDataError {
  const reason =
    ofType.length === 0
      ? `none of the type ${machineType}`
      : offered.length === 0
        ? 'only clips that the model was trained with'
        : `only IDs that the model does not know (${Object.keys(countBy(offered)).join(', ')})`;
  return new TrainingDataError(
    `${caller}: dataset must hold test clips of ${machineType} ${machineIds.join(', ')}, got ${reason}.`,
  );
}
