import { CheckpointError } from '../errors';
import type { Platform } from '../platform';
import { restoreCheckpoint, serializeCheckpoint, type TrainingPosition } from './checkpoint';
import type { Trainer } from './trainer';

/** Name of the file in `checkpointDir`. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** The one checkpoint of a run. */
export interface CheckpointFile {
  readonly path: string;
  /** Returns the file's path. */
  save(trainer: Trainer, position: TrainingPosition): Promise<string>;
  /**
   * The position to go on from, with the trainer set to it; null where there is no checkpoint.
   * @throws CheckpointError where there is one and the run was not told to resume, or where it does not fit
   */
  restore(trainer: Trainer, options: { isResumed: boolean }): Promise<TrainingPosition | null>;
}

/** The checkpoint in a folder. */
export function checkpointFile(
  { files }: Platform,
  folder: string,
  fingerprint: Record<string, string>,
): CheckpointFile {
  if (files === null) {
    throw new CheckpointError(
      'serial-oe.trainSerialOe: checkpointDir must be left out where there is no file system.',
    );
  }
  const path = files.join(folder, CHECKPOINT_FILE);
  return {
    path,
    async save(trainer, position) {
      await files.writeFile(path, await serializeCheckpoint(trainer, position, fingerprint));
      return path;
    },
    async restore(trainer, { isResumed }) {
      if (!(await files.exists(path))) return null;
      if (!isResumed) {
        throw new CheckpointError(
          `serial-oe.trainSerialOe: ${path} holds an unfinished run. Resume it, or remove the file to start over.`,
        );
      }
      return restoreCheckpoint(trainer, await files.read(path), { fingerprint, path });
    },
  };
}
