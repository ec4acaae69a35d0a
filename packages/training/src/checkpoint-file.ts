import { CheckpointError, type FileAccess } from '@serial-oe/runtime';
import type { RunLength, TrainingPosition } from './checkpoint';
import type { TrainingEngine } from './training-engine';

/** Name of the file in its folder. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** The one checkpoint of a run. */
export interface CheckpointFile {
  readonly path: string;
  /** Returns the file's path. */
  save<Batch>(engine: TrainingEngine<Batch>, position: TrainingPosition): Promise<string>;
  /**
   * The position to go on from, with the engine set to it; null where there is no checkpoint.
   * @param options.length of the run; positions beyond its end are refused
   * @throws CheckpointError where there is one and the run was not told to resume, or where it is damaged or does not fit
   */
  restore<Batch>(
    engine: TrainingEngine<Batch>,
    options: { isResumed: boolean; length?: RunLength | undefined },
  ): Promise<TrainingPosition | null>;
}

/** The checkpoint in a folder. */
export function checkpointFile(
  files: FileAccess | null,
  folder: string,
  fingerprint: Record<string, string>,
): CheckpointFile {
  if (files === null) {
    throw new CheckpointError(
      'training.checkpointFile: a folder for checkpoints must be left out where there is no file system.',
    );
  }
  const path = files.join(folder, CHECKPOINT_FILE);
  return {
    path,
    async save(engine, position) {
      await files.writeFile(path, await engine.saveState(position, fingerprint));
      return path;
    },
    async restore(engine, { isResumed, length }) {
      if (!(await files.exists(path))) return null;
      if (!isResumed) {
        throw new CheckpointError(
          `training.checkpointFile: ${path} holds an unfinished run. Resume it, or remove the file to start over (serial-oe train: --resume or --restart).`,
        );
      }
      return engine.restoreState(await files.read(path), { fingerprint, path, length });
    },
  };
}
