import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileAccess } from '../../files';

/** Files of the local disk. */
export function createFileAccess(): FileAccess {
  return {
    exists: async (path) => (await statOrNull(path)) !== null,
    isFolder: async (path) => (await statOrNull(path))?.isDirectory() ?? false,
    read: async (path) => new Uint8Array(await readFile(path)),
    writeFile: writeFileAtomically,
    writeFolder: writeFolderAtomically,
    remove: (path) => rm(path, { recursive: true, force: true }),
    join,
  };
}

/**
 * Writes under a temporary name in the same folder, then renames: readers see the old file or the new one.
 * @throws Error naming the path where it cannot be written
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await mkdir(dirname(temporary), { recursive: true });
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error tells more
    throw cannotWrite(path, error);
  }
}

async function writeFolderAtomically(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const temporary = temporaryName(path);
  const previous = temporaryName(path);
  try {
    await mkdir(temporary, { recursive: true });
    for (const [name, bytes] of files) await writeFile(join(temporary, name), bytes);
    const isReplaced = (await statOrNull(path)) !== null;
    if (isReplaced) await rename(path, previous); // a folder cannot be renamed onto one that holds files
    await rename(temporary, path);
    if (isReplaced) await rm(previous, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {}); // the first error tells more
    if ((await statOrNull(previous)) !== null && (await statOrNull(path)) === null)
      await rename(previous, path);
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, cause: unknown): Error {
  const { message } = cause as Error;
  return new Error(`serial-oe: ${path} must be a place that can be written to, got ${message}.`, { cause });
}

function temporaryName(path: string): string {
  const absolute = resolve(path);
  return join(dirname(absolute), `.${basename(absolute)}.${randomBytes(6).toString('hex')}.tmp`);
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
