import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { FileAccess } from '@serial-oe/runtime';
import { ExperimentError } from '../jobs/experiment-error';
import type { StartFiles } from '../jobs/job-types';
import type { SystemSetup } from '../run-experiments-options';

/** A setup whose files are known by their content. */
export interface ReadSetup extends Omit<SystemSetup, 'startFrom'> {
  startFrom: StartFiles | null;
}

/** @throws ExperimentError naming a file that cannot be read */
export async function readSetups(
  setups: Readonly<Record<string, SystemSetup>>,
  files: Pick<FileAccess, 'read'>,
): Promise<Record<string, ReadSetup>> {
  const entries = Object.entries(setups).map(async ([system, { startFrom, ...setup }]) => {
    const read = startFrom === undefined ? null : await readStart(startFrom, files);
    return [system, { ...setup, startFrom: read }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function readStart(
  startFrom: NonNullable<SystemSetup['startFrom']>,
  files: Pick<FileAccess, 'read'>,
): Promise<StartFiles> {
  const start: StartFiles = { paths: {}, hashes: {} };
  for (const [name, file] of Object.entries(startFrom)) {
    const path = resolve(typeof file === 'string' ? file : file.path);
    const bytes = await files.read(path).catch((cause: Error) => {
      throw new ExperimentError(
        `experiments.runExperiments: startFrom must name files that can be read, got ${path}: ${cause.message}.`,
        { cause },
      );
    });
    start.paths[name] = path;
    start.hashes[name] =
      typeof file === 'string' ? createHash('sha256').update(bytes).digest('hex') : file.checksum;
  }
  return start;
}
