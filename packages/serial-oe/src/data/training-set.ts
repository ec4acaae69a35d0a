import { assertNoLeak, type Clip, type Dataset, sessionOf, splitValidation } from '@serial-oe/datasets';
import { compareText, seededRandom } from '@serial-oe/foundation';
import { TrainingDataError } from '@serial-oe/runtime';
import type { SerialOeConfig } from '../config/config';
import { trainingClipName } from '../model/provenance';

/** Clips of a data set, and which of them a training may use. */
export interface TrainingData extends Pick<Dataset, 'clips'> {
  /** Names (`trainingClipName`) of the normal clips that are held out, in place of a draw by the seed. */
  validationClips?: readonly string[] | undefined;
}

/** Roles of the clips of a training run. All indices point into `clips`. */
export interface TrainingSet {
  machineType: string;
  /** IDs of the target type, sorted; the order of the ID head's outputs. */
  machineIds: string[];
  /** Every clip that training reads, sorted by type, ID and path. */
  clips: Clip[];
  /** y = 1: normal clips of the target type. */
  normal: Int32Array;
  /** y = 0: normal clips of the other types. */
  pseudoAnomalous: Int32Array;
  /** y = 0: known anomalies of the target type. */
  anomalous: Int32Array;
  /** Normal clips of the target type that are held out. */
  validationNormal: Int32Array;
  /** Normal clips of the other types that are held out. */
  validationOutliers: Int32Array;
  /** Of each clip: index of its machine ID where it is a normal clip of the target type, else -1. */
  classes: Int32Array;
}

/**
 * Gives each training clip of a data set its role. Clips of the split `train` alone are used; anomalies among them are
 * known anomalies where they are of the target type, and left out where they are of another.
 *
 * @throws TrainingDataError where there are no normal clips of the target type, or none of any other, or where the model is to
 *   be chosen by a validation loss and no clip is held out
 * @throws DataLeakError where a clip stands in both splits
 */
export function buildTrainingSet(
  dataset: TrainingData,
  machineType: string,
  config: SerialOeConfig,
): TrainingSet {
  const train = dataset.clips.filter((clip) => clip.split === 'train');
  assertNoLeak(
    train,
    dataset.clips.filter((clip) => clip.split === 'test'),
  );
  checkHasMachineType(dataset, machineType);
  const used = train
    .filter((clip) => clip.label === 'normal' || clip.machineType === machineType)
    .sort(byMachine);
  const normals = used.filter((clip) => clip.label === 'normal');
  const isTarget = (clip: Clip) => clip.machineType === machineType;
  if (!normals.some(isTarget)) {
    throw new TrainingDataError(
      `serial-oe.trainSerialOe: dataset must hold normal training clips of ${machineType}, got none. ` +
        'They belong into the split "train" with the label "normal".',
    );
  }
  if (normals.every(isTarget)) {
    throw new TrainingDataError(
      `serial-oe.trainSerialOe: dataset must hold normal training clips of at least one machine type beside ` +
        `${machineType}: the method learns by telling them apart. Add recordings of other machines, or synthetic ones.`,
    );
  }
  const machineIds = config.useMachineIds
    ? [...new Set(normals.filter(isTarget).map((clip) => clip.machineId))].sort()
    : [];
  const heldOut = heldOutOf(normals, dataset.validationClips, config);
  checkSelection(config, normals.filter((clip) => isTarget(clip) && heldOut.has(clip)).length);
  const indices = (belongs: (clip: Clip) => boolean) =>
    Int32Array.from(used.flatMap((clip, i) => (belongs(clip) ? [i] : [])));
  const isNormal = (clip: Clip) => clip.label === 'normal';
  return {
    machineType,
    machineIds,
    clips: used,
    normal: indices((clip) => isTarget(clip) && isNormal(clip) && !heldOut.has(clip)),
    pseudoAnomalous: indices((clip) => !isTarget(clip) && !heldOut.has(clip)),
    anomalous: indices((clip) => isTarget(clip) && !isNormal(clip)),
    validationNormal: indices((clip) => isTarget(clip) && heldOut.has(clip)),
    validationOutliers: indices((clip) => !isTarget(clip) && heldOut.has(clip)),
    classes: Int32Array.from(used, (clip) =>
      isTarget(clip) && isNormal(clip) ? machineIds.indexOf(clip.machineId) : -1,
    ),
  };
}

/** Drawn by the seed, or the named ones; a name that several clips share counts where all of them were held out. */
function heldOutOf(
  normals: readonly Clip[],
  names: readonly string[] | undefined,
  { validation, seed }: SerialOeConfig,
): Set<Clip> {
  if (names === undefined) {
    const draw = {
      ...{ fraction: validation.fraction, random: seededRandom(seed, 'validation') },
      sessionOf: ({ path }: Clip) => sessionOf(path),
    };
    return new Set(splitValidation(normals, draw).validation);
  }
  const [named, present] = [countEach(names), countEach(normals.map(trainingClipName))];
  return new Set(
    normals.filter((clip) => {
      const name = trainingClipName(clip);
      return named.get(name) === present.get(name);
    }),
  );
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** A share of few clips may be none. */
function checkSelection({ validation }: SerialOeConfig, nHeldOut: number): void {
  if (validation.selection !== 'best' || nHeldOut > 0) return;
  throw new TrainingDataError(
    `serial-oe.trainSerialOe: validation.selection 'best' must have held-out clips to choose by, got none out of a share of ` +
      `${validation.fraction}. Each machine ID needs two normal clips at least.`,
  );
}

function checkHasMachineType({ clips }: TrainingData, machineType: string): void {
  if (typeof machineType !== 'string' || machineType === '') {
    throw new TypeError(
      `serial-oe.trainSerialOe: machineType must be a name, got ${JSON.stringify(machineType)}.`,
    );
  }
  const known = [...new Set(clips.map((clip) => clip.machineType))].sort();
  if (!known.includes(machineType)) {
    throw new TrainingDataError(
      `serial-oe.trainSerialOe: machineType must be a type of the dataset (${known.join(', ') || 'it has no clips'}), ` +
        `got ${JSON.stringify(machineType)}.`,
    );
  }
}

/** By code unit, so that the order is the same under every locale. */
function byMachine(a: Clip, b: Clip): number {
  return (
    compareText(a.machineType, b.machineType) ||
    compareText(a.machineId, b.machineId) ||
    compareText(a.path, b.path)
  );
}
