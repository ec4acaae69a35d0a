import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command/usage-error';
import { DEMO_FILES } from './demo-steps';

/** A training that was stopped leaves its checkpoint beside the model. */
const WRITTEN: readonly string[] = [...Object.values(DEMO_FILES), `${DEMO_FILES.model}.checkpoint`];

/**
 * Removes what an earlier demo left in a folder.
 * @throws UsageError where anything else stands in it: nobody's recordings are lost to a demo
 */
export async function clearDemoFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(`--out must be a folder that can be read, got ${folder} (${error.code}).`);
  });
  const foreign = names.filter((name) => !WRITTEN.includes(name));
  if (foreign.length > 0) {
    throw new UsageError(
      `--out must be a new or empty folder, or one of an earlier demo, got ${folder} with "${foreign[0]}" in it.`,
    );
  }
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}
