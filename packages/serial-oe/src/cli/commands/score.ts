import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Clip, DatasetError, parseDcaseFileName } from '@serial-oe/datasets';
import { type ScoredClipOrError, scoreEachClip } from '../../evaluation/score-clips';
import type { SerialOeModel } from '../../model/serial-oe-model';

/** What `serial-oe score` was asked for. */
export interface ScoreCommand {
  model: SerialOeModel;
  /** Files and folders. */
  paths: readonly string[];
  /** For all clips; default: the ID in a DCASE file name, or the model's only one. */
  machineId: string | undefined;
  nWorkers: number | undefined;
  signal: AbortSignal;
}

/** The clips that the command names, with the machine ID that each will be scored as. */
export async function clipsToScore({ model, paths, machineId }: ScoreCommand): Promise<Clip[]> {
  const files = (await Promise.all(paths.map(listWavFiles))).flat();
  const only = model.machineIds.length === 1 ? model.machineIds[0] : undefined;
  return files.map((path) => {
    const id = machineId ?? parseDcaseFileName(basename(path))?.machineId ?? only;
    if (id === undefined) {
      throw new DatasetError(
        `serial-oe score: the machine ID of ${path} must be known, but its name does not say it ` +
          `(normal_id_00_... does). Pass --machine-id with one of ${model.machineIds.join(', ')}.`,
      );
    }
    return { path, machineType: model.machineType, machineId: id, label: 'normal', split: 'test' };
  });
}

/** Scores them one by one; a clip that cannot be scored does not stop the others. */
export function score(command: ScoreCommand, clips: readonly Clip[]): AsyncGenerator<ScoredClipOrError> {
  return scoreEachClip(command.model, clips, command);
}

async function listWavFiles(path: string): Promise<string[]> {
  const stats = await stat(path).catch(() => null);
  if (stats === null)
    throw new DatasetError(`serial-oe score: ${path} must be a file or folder, but it does not exist.`);
  if (!stats.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  const files = entries.filter((entry) => /\.wav$/i.test(entry)).sort();
  if (files.length === 0)
    throw new DatasetError(`serial-oe score: ${resolve(path)} must hold WAV files, got none.`);
  return files.map((entry) => join(path, entry));
}
