import { DatasetError, findMachineId, readName } from '@serial-oe/datasets';
import { loadRecording } from '@serial-oe/datasets/node';
import {
  type ClipScorer,
  type NormalRecording,
  saveModelFiles,
  TrainingDataError,
} from '@serial-oe/runtime/contract';
import { createFileAccess } from '@serial-oe/runtime/node/files';
import { filesWithCard } from '../card/card-of-model';
import { UsageError } from '../command/usage-error';
import { MODEL_MARKS } from '../model/find-model';
import type { LoadedModel } from '../model/loaded-model';
import { listNamedFiles } from '../score/recordings-to-score';
import { whyMachinesAreFixed } from '../system-table';

const CALLER = 'serial-oe add-machine';

export interface AddMachineOptions {
  /** Where the model lies, which is replaced. */
  target: string;
  machineId: string;
  /** Files and folders with normal recordings of the machine. */
  paths: readonly string[];
  /** Whether a machine of that ID may be there. */
  isReplacing: boolean;
  signal: AbortSignal;
  onProgress(text: string, share: number): void;
  onWarning(message: string): void;
}

/** What became of it. */
export interface AddedMachine {
  machineId: string;
  nRecordings: number;
  threshold: number;
  scorer: ClipScorer;
}

/**
 * Gives a model a machine more, by normal recordings and without training, and saves it.
 * @throws UsageError for a machine that is there, or a model that learns none; TrainingDataError or DatasetError for recordings that
 *   cannot be used. The model stays as it was then
 */
export async function addMachine(model: LoadedModel, options: AddMachineOptions): Promise<AddedMachine> {
  const { machineIds, scorer, usesMachineIds } = model;
  const known = findMachineId(machineIds, options.machineId);
  if (scorer.withMachine === undefined || !usesMachineIds) {
    const why = whyMachinesAreFixed(model.system);
    throw new UsageError(
      `the model, of the system ${model.system}, learns no machine more: ` +
        (why === undefined
          ? 'it has one detector for all machines, which scores any.'
          : `${why}. Train again with recordings of ${options.machineId} in the data.`),
    );
  }
  if (known !== undefined && !options.isReplacing) {
    throw new UsageError(
      `--machine-id must be new, got ${known}, which the model knows. Pass --replace to learn it anew.`,
    );
  }
  const machineId = known ?? options.machineId;
  const recordings = await readNormals(options);
  const grown = await scorer.withMachine(machineId, recordings);
  const saving = { target: options.target, access: createFileAccess(), caller: CALLER, marks: MODEL_MARKS };
  await saveModelFiles(await filesWithCard(model, grown), saving);
  const { threshold } = grown.thresholds!.get(machineId)!;
  return { machineId, nRecordings: recordings.length, threshold, scorer: grown };
}

async function readNormals(options: AddMachineOptions): Promise<NormalRecording[]> {
  const { paths, signal, onProgress, onWarning } = options;
  const files = await listNamedFiles(paths, { caller: CALLER, onWarning });
  const faulty = files.filter(({ names }) => names.some((name) => readName(name).labels.includes('anomaly')));
  if (faulty[0] !== undefined) {
    throw new TrainingDataError(
      `${CALLER}: recordings must be of the healthy machine, got ${faulty.length} named as faulty, such as ${faulty[0].path}. Leave them out.`,
    );
  }
  const recordings: NormalRecording[] = [];
  for (const { path } of files) {
    signal.throwIfAborted();
    const { waveform, sampleRate } = await loadRecording(path);
    recordings.push({ path, waveform, sampleRate });
    onProgress(`reading ${recordings.length}/${files.length}`, recordings.length / files.length);
  }
  if (recordings.length === 0) throw new DatasetError(`${CALLER}: there must be recordings, got none.`);
  return recordings;
}
