import type { FileAccess } from '@serial-oe/runtime';

/** Folder of all runs in the folder of the experiments; experiments share runs. */
export const RUNS_FOLDER = 'runs';

/** Folder of the scores in that of a job. */
export const SCORES_FOLDER = 'scores';

/** Where a job keeps what it has finished. */
export interface JobFiles {
  /** Its presence says that the training is finished. */
  record: string;
  /** Folder of the scorer's files. */
  model: string;
  /** Folder of the unfinished training's state. */
  checkpoint: string;
  /** Of test clips, by the system. */
  clipScores: string;
  /** What the system's scores took. */
  timing: string;
  embeddings: string;
}

/** Where the files of a job are. */
export function jobFiles(files: Pick<FileAccess, 'join'>, folder: string): JobFiles {
  return {
    record: files.join(folder, 'run.json'),
    model: files.join(folder, 'model'),
    checkpoint: files.join(folder, 'checkpoint'),
    clipScores: files.join(folder, 'clip-scores.json'),
    timing: files.join(folder, 'timing.json'),
    embeddings: files.join(folder, 'embeddings.safetensors'),
  };
}

/** The file of the scores by one scoring job. */
export function scoresFile(files: Pick<FileAccess, 'join'>, folder: string, key: string): string {
  return files.join(folder, SCORES_FOLDER, `${key}.json`);
}
