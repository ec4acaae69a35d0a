import type { FileAccess } from '@serial-oe/runtime';
import { ExperimentError } from './experiment-error';
import { RECORD_FORMAT, type RunRecord } from './job-types';

/**
 * Reads a JSON file that a job wrote.
 * @throws ExperimentError naming the file where it is cut off
 */
export async function readJobJson<T>(files: Pick<FileAccess, 'read'>, path: string): Promise<T> {
  try {
    return JSON.parse(new TextDecoder().decode(await files.read(path)));
  } catch (cause) {
    throw new ExperimentError(
      `experiments.runExperiments: ${path} must hold the JSON that a run wrote, got ${(cause as Error).message}. ` +
        'Remove the file; the same call makes it again.',
      { cause },
    );
  }
}

/**
 * Reads a `run.json`.
 * @throws ExperimentError naming the file where it is cut off, or of another format
 */
export async function readRecord(files: Pick<FileAccess, 'read'>, path: string): Promise<RunRecord> {
  const record = await readJobJson<Partial<RunRecord>>(files, path);
  if (record.formatVersion === RECORD_FORMAT) return record as RunRecord;
  throw new ExperimentError(
    `experiments.runExperiments: ${path} must be a run of format ${RECORD_FORMAT}, got format ${record.formatVersion ?? 1}. ` +
      'Choose another folder for the results, or remove that one.',
  );
}
