import type { FileAccess } from '@serial-oe/runtime';
import { ExperimentError } from './experiment-error';
import { type ClipRow, RECORD_FORMAT, type RunRecord, type ScoresFile, type TimingFile } from './job-types';

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
 * Reads the scores of one scoring job.
 * @throws ExperimentError naming the file where it is cut off, or holds what no run writes
 */
export async function readScoresFile(files: Pick<FileAccess, 'read'>, path: string): Promise<ScoresFile> {
  const file = await readJobJson<Partial<ScoresFile> | null>(files, path);
  const { rows, problem } = file ?? {};
  const isProblem = problem === null || typeof problem === 'string';
  if (Array.isArray(rows) && rows.every(isRow) && isProblem) return file as ScoresFile;
  throw altered(path);
}

/**
 * Reads what scoring took.
 * @throws ExperimentError naming the file where it is cut off, or holds what no run writes
 */
export async function readTiming(files: Pick<FileAccess, 'read'>, path: string): Promise<TimingFile> {
  const file = await readJobJson<Partial<TimingFile> | null>(files, path);
  if (Number.isFinite(file?.msPerClip) && Number.isInteger(file?.nClips)) return file as TimingFile;
  throw altered(path);
}

function isRow(value: unknown): value is ClipRow {
  const { name, machineType, machineId, label, anomalyScore } = (value ?? {}) as Partial<ClipRow>;
  return (
    [name, machineType, machineId].every((text) => typeof text === 'string') &&
    (label === 'normal' || label === 'anomaly') &&
    Number.isFinite(anomalyScore)
  );
}

function altered(path: string): ExperimentError {
  return new ExperimentError(
    `experiments.runExperiments: ${path} must hold what a run wrote, got something else. Remove the file; the same call makes it again.`,
  );
}

/**
 * Reads a `run.json`.
 * @throws ExperimentError naming the file where it is cut off, or of another format
 */
export async function readRecord(files: Pick<FileAccess, 'read'>, path: string): Promise<RunRecord> {
  const record = await readJobJson<Partial<RunRecord> | null>(files, path);
  if (record?.formatVersion === RECORD_FORMAT) {
    const { id, modelFiles, hasEmbeddings } = record;
    const isOfTexts = Array.isArray(modelFiles) && modelFiles.every((name) => typeof name === 'string');
    if (isOfTexts && typeof id === 'string' && typeof hasEmbeddings === 'boolean') return record as RunRecord;
    throw altered(path);
  }
  throw new ExperimentError(
    `experiments.runExperiments: ${path} must be a run of format ${RECORD_FORMAT}, got format ${record?.formatVersion ?? 1}. ` +
      'Choose another folder for the results, or remove that one.',
  );
}
