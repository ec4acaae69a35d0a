import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type Clip, DatasetError, parseDcaseFileName } from '@serial-oe/datasets';
import { UnknownMachineIdError } from '@serial-oe/runtime';
import type { SerialOeModel } from '@serial-oe/serial-oe';

/** A recording that the command names, with the machine ID it will be scored as, or why it cannot be. */
export type NamedRecording = { clip: Clip } | { path: string; error: Error };

/**
 * The recordings in these files and folders.
 * @param machineId for all of them; default: the ID in a DCASE file name, the folder that one names, or the model's only one
 * @throws UnknownMachineIdError for one that the model has not; DatasetError where there are no recordings
 */
export async function recordingsToScore(
  model: SerialOeModel,
  paths: readonly string[],
  machineId: string | undefined,
): Promise<NamedRecording[]> {
  const known = model.machineIds;
  if (machineId !== undefined && model.config.useMachineIds && !known.includes(machineId)) {
    throw new UnknownMachineIdError(
      `serial-oe score: --machine-id must be one of ${known.join(', ')}, got "${machineId}".`,
      machineId,
      known,
    );
  }
  const files = (await Promise.all(paths.map(listWavFiles))).flat();
  const only = known.length === 1 ? known[0] : undefined;
  return files.map((path) => {
    const named = parseDcaseFileName(basename(path))?.machineId ?? folderMachineId(path, known);
    const id = machineId ?? named ?? only;
    if (id === undefined) {
      const error = new DatasetError(
        `serial-oe score: the machine ID of ${path} must be known, but neither its name says it ` +
          `(normal_id_00_... does) nor a folder above it. Pass --machine-id with one of ${known.join(', ')}.`,
      );
      return { path, error };
    }
    return { clip: { path, machineType: model.machineType, machineId: id, label: 'normal', split: 'test' } };
  });
}

async function listWavFiles(path: string): Promise<string[]> {
  const stats = await stat(path).catch(() => null);
  if (stats === null)
    throw new DatasetError(`serial-oe score: ${path} must be a file or folder, but it does not exist.`);
  if (!stats.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  const names = entries.filter((entry) => /\.wav$/i.test(entry)).sort();
  const files: string[] = [];
  for (const file of names.map((name) => join(path, name))) {
    if (!(await stat(file).catch(() => null))?.isDirectory()) files.push(file);
  }
  if (files.length === 0)
    throw new DatasetError(`serial-oe score: ${resolve(path)} must hold WAV files, got none.`);
  return files;
}

/** The ID that the nearest folder is named by: `00`, `id_00` or the ID itself. */
function folderMachineId(path: string, known: readonly string[]): string | undefined {
  const folders = dirname(resolve(path)).split(sep).reverse();
  return folders
    .map((folder) => known.find((id) => folder === id || folder.replace(/^id[_-]?/i, '') === id))
    .find((id) => id !== undefined);
}
