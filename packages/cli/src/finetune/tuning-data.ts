import { resolve } from 'node:path';
import { type Clip, type Dataset, findMachineId } from '@serial-oe/datasets';
import { seededRandom, shuffled } from '@serial-oe/foundation';
import { TrainingDataError } from '@serial-oe/runtime/contract';
import type { LoadedModel } from '../model/loaded-model';
import type { LabelledClips } from './labelled-clips';
import { sameRecordings } from './same-recordings';

/** Share of the labelled recordings that are put aside where nothing else could compare the models. */
const PUT_ASIDE = 1 / 3;

/** What trains, and what compares the model before with the one after. */
export interface TuningData {
  /** The data set with the labelled recordings in its training split. */
  training: Dataset;
  /** The clips that neither model was trained with. */
  test: Dataset;
  /** Labelled recordings that train. */
  nAnomalies: number;
  nNormals: number;
  /** Labelled recordings that were put aside for the comparison. */
  nPutAside: number;
  /** Test clips of the data set that train now. */
  heldOutClips: Clip[];
}

export interface TuningDataOptions {
  caller: string;
  /** Share of the labelled recordings of each machine and label that is put aside; default a third where the data set has no test for any machine. */
  holdOut: number | undefined;
  seed: number;
}

type KnownMachines = Pick<LoadedModel, 'machineType' | 'machineIds' | 'usesMachineIds'>;

/**
 * Joins labelled recordings to the data that the model was trained on, and keeps some for the comparison. Copies of them among the
 * data, by whatever name, are taken out: what somebody has said of a recording counts, and none is trained and tested with.
 * @throws TrainingDataError where the data lack a machine of the model, or there is nothing to train with
 */
export async function tuningData(
  model: KnownMachines,
  { dataset, labelled }: { dataset: Dataset; labelled: LabelledClips },
  { caller, holdOut, seed }: TuningDataOptions,
): Promise<TuningData> {
  checkMachines(model, dataset, caller);
  const all = [...labelled.anomalies, ...labelled.normals];
  if (all.length === 0) {
    throw new TrainingDataError(`${caller}: there must be labelled recordings, got none.`);
  }
  const copies = await sameRecordings(dataset.clips, all);
  const paths = new Set(all.map(({ path }) => resolve(path)));
  const isKnown = (clip: Clip) => copies.has(clip) || paths.has(resolve(clip.path));
  const others = dataset.clips.filter((clip) => !isKnown(clip));
  const test = others.filter(
    ({ split, machineType }) => split === 'test' && machineType === model.machineType,
  );
  const share = holdOut ?? (tellsModelsApart(test) ? 0 : PUT_ASIDE);
  const putAside = new Set(drawEach(all, share, seed));
  const trained = all.filter((clip) => !putAside.has(clip));
  if (trained.length === 0) {
    throw new TrainingDataError(`${caller}: --hold-out must leave recordings to train with, got ${share}.`);
  }
  const asTest = [...putAside].map((clip): Clip => ({ ...clip, split: 'test' }));
  return {
    training: { ...dataset, clips: [...others, ...trained] },
    test: { ...dataset, clips: [...test, ...asTest] },
    nAnomalies: trained.filter(({ label }) => label === 'anomaly').length,
    nNormals: trained.filter(({ label }) => label === 'normal').length,
    nPutAside: putAside.size,
    heldOutClips: dataset.clips.filter((clip) => clip.split === 'test' && isKnown(clip)),
  };
}

/** Whether a machine has clips of both classes. */
export function tellsModelsApart(clips: readonly Clip[]): boolean {
  const labelsOf = (id: string) =>
    new Set(clips.filter(({ machineId }) => machineId === id).map(({ label }) => label));
  return clips.some(({ machineId }) => labelsOf(machineId).size === 2);
}

/** A share of the clips of each machine and label, rounded, and never all of them. */
function drawEach(clips: readonly Clip[], share: number, seed: number): Clip[] {
  const keys = [...new Set(clips.map(keyOf))].sort();
  return keys.flatMap((key) => {
    const own = clips.filter((clip) => keyOf(clip) === key).sort((a, b) => (a.path < b.path ? -1 : 1));
    const n = Math.min(own.length - 1, Math.round(share * own.length));
    return shuffled(own, seededRandom(seed, 'finetune', key)).slice(0, n);
  });
}

const keyOf = ({ machineId, label }: Clip) => `${machineId} ${label}`;

/** A machine without normal clips would be lost. */
function checkMachines(
  { machineType, machineIds, usesMachineIds }: KnownMachines,
  { clips }: Dataset,
  caller: string,
) {
  const normal = clips.filter(
    (clip) => clip.machineType === machineType && clip.label === 'normal' && clip.split === 'train',
  );
  const present = [...new Set(normal.map(({ machineId }) => machineId))];
  const missing = usesMachineIds ? machineIds.filter((id) => findMachineId(present, id) === undefined) : [];
  if (missing.length === 0 && normal.length > 0) return;
  const what = missing.length > 0 ? ` ${missing.join(', ')}` : '';
  throw new TrainingDataError(
    `${caller}: --data must hold normal training clips of each machine of the model, got none of ${machineType}${what}. ` +
      'Name the recordings that it was trained on, of machines too that were added later.',
  );
}
