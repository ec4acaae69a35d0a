import { type Clip, mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import {
  type ScoreChange,
  saveModelFiles,
  TrainingDataError,
  toCardFiles,
  withDecisions,
} from '@serial-oe/runtime/contract';
import { createFileAccess, createNodePlatform } from '@serial-oe/runtime/node/files';
import { isDeciding } from '../model/decide';
import { MODEL_MARKS } from '../model/find-model';
import type { LoadedModel } from '../model/loaded-model';
import { isOfType, knownMachine, namedMachines } from '../model/machine-names';
import { loadSystem } from '../system-table';
import { cardOrNew } from './card-of-model';
import { measureChange } from './measure-change';

const CALLER = 'serial-oe export';

export interface ExportModelOptions {
  /** A `.serialoe` or `.zip` file. */
  out: string;
  weights: 'float32' | 'float16';
  /** Recordings of the model's machines, on which the change is measured. */
  data: readonly string[];
  signal: AbortSignal;
  onProgress(text: string, share: number): void;
}

export interface ExportedModel {
  nBytes: number;
  change: ScoreChange | null;
}

/**
 * Writes the whole model as one file with weights of that type, and of float16 how far it changes the scores of recordings.
 * @throws TrainingDataError where there is no recording of its machines
 */
export async function exportModel(model: LoadedModel, options: ExportModelOptions): Promise<ExportedModel> {
  const { out, weights } = options;
  const files = await model.scorer.toFiles({ weights });
  const change = weights === 'float16' ? await changeOf(model, files, options) : null;
  const card = { ...(await cardOrNew(model)), weights: { type: weights, change } };
  const all = new Map([...files, ...toCardFiles(card)]);
  const access = createFileAccess();
  await saveModelFiles(all, { target: out, access, caller: CALLER, marks: MODEL_MARKS });
  return { nBytes: (await access.read(out)).length, change };
}

async function changeOf(
  model: LoadedModel,
  files: ReadonlyMap<string, Uint8Array>,
  { data, signal, onProgress }: ExportModelOptions,
): Promise<ScoreChange> {
  const { scorer, system, machineType, machineIds, usesMachineIds } = model;
  const platform = createNodePlatform();
  const { clips: found } = mergeDatasets(data.map((folder) => scanDataset(folder)));
  const clips = found.flatMap((clip): Clip[] => {
    const machineId = usesMachineIds ? knownMachine(model, clip) : machineIds[0];
    return !isOfType(clip, machineType) || machineId === undefined ? [] : [{ ...clip, machineId }];
  });
  if (clips.length === 0) {
    throw new TrainingDataError(
      `${CALLER}: --data must hold recordings of ${namedMachines(machineType, machineIds)}, got ${found.length} and none of them.`,
    );
  }
  const loaded = await (await loadSystem(system)).load(files, platform);
  const saved = isDeciding(scorer) ? withDecisions(loaded, scorer.decisions) : loaded;
  try {
    return await measureChange([scorer, saved], clips, { loadClip: platform.loadClip, signal, onProgress });
  } finally {
    saved.dispose();
  }
}
