import type { FileAccess } from '@serial-oe/runtime';
import { ExperimentError } from './experiment-error';

/**
 * The JSON in a file of a run.
 * @throws ExperimentError naming the file where it is cut off
 */
export async function readRunJson<T>(files: Pick<FileAccess, 'read'>, path: string): Promise<T> {
  try {
    return JSON.parse(new TextDecoder().decode(await files.read(path)));
  } catch (cause) {
    throw new ExperimentError(
      `serial-oe.runExperiments: ${path} must hold the JSON that a run wrote, got ${(cause as Error).message}. ` +
        'Remove the file; the same call makes it again.',
      { cause },
    );
  }
}
