import type { FileAccess } from '@serial-oe/runtime';

/** Folder of all runs in the folder of the experiments; experiments share runs. */
export const RUNS_FOLDER = 'runs';
export const MODEL_FOLDER = 'model';
/** Its presence says that the training is finished. */
export const RECORD_FILE = 'run.json';

/** Where a run keeps what it has finished. */
export function runFiles(
  files: Pick<FileAccess, 'join'>,
  folder: string,
): { record: string; model: string; embeddings: string } {
  return {
    record: files.join(folder, RECORD_FILE),
    model: files.join(folder, MODEL_FOLDER),
    embeddings: files.join(folder, 'embeddings.safetensors'),
  };
}

/** The file of the scores by one scoring job. */
export function scoresFile(files: Pick<FileAccess, 'join'>, folder: string, key: string): string {
  return files.join(folder, 'scores', `${key}.json`);
}
