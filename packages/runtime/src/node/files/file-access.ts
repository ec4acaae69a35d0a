import type { Stats } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FileAccess } from '../../files';
import { cannotRead, cannotWrite } from './file-error';
import { makeFolder } from './make-folder';
import { previousName, removeLeftoversOf, temporaryName } from './temporary-files';

/** How often a folder is put in its place again, where a reader restored the old one in between. */
const N_ATTEMPTS = 5;
/** Between the two renames of a writer that lives lies far less. */
const RENAMING_MS = 50;
/** Codes of file systems that cannot flush one file; the write itself has succeeded. */
const CANNOT_FLUSH = ['EINVAL', 'ENOTSUP', 'ENOSYS', 'EISDIR', 'EPERM', 'EACCES', 'EBADF'];

/** Files of the local disk. What a killed process left unfinished is put right or removed by the next one that comes there. */
export function createFileAccess(): FileAccess {
  return {
    exists: async (path) => (await look(path)) !== null,
    isFolder: async (path) => (await look(path))?.isDirectory() ?? false,
    read,
    writeFile: writeFileAtomically,
    writeFolder: writeFolderAtomically,
    remove,
    join,
  };
}

/**
 * Writes under a temporary name in the same folder, flushes it to the disk, then renames: readers see the old file or the new
 * one, also after a power cut.
 * @throws FileAccessError naming the path, the reason and what mends it; what stood there stays
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await makeFolder(dirname(temporary));
    await removeLeftoversOf(path);
    await writeFlushed(temporary, bytes);
    await rename(temporary, path);
    await flushFolder(dirname(temporary));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error tells more
    throw cannotWrite(path, error);
  }
}

/**
 * As {@link writeFileAtomically} for a folder with all its files. The old folder waits under the name `.NAME.previous` until
 * the new one is in its place; after a kill between the two, whoever comes next finds it there and puts it back.
 */
async function writeFolderAtomically(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await makeFolder(temporary);
    await removeLeftoversOf(path);
    for (const [name, bytes] of files) await writeFlushed(join(temporary, name), bytes);
    await flushFolder(temporary);
    await putInPlace(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {}); // the first error tells more
    await statOrRestore(path).catch(() => {});
    throw cannotWrite(path, error);
  }
}

/** A folder cannot be renamed onto one that holds files: the old one steps aside. */
async function putInPlace(temporary: string, path: string): Promise<void> {
  const previous = previousName(path);
  for (let attempt = 1; ; attempt++) {
    if ((await statOrRestore(path)) !== null) {
      await rm(previous, { recursive: true, force: true }); // of a run that was killed before it could
      await rename(path, previous);
    }
    try {
      await rename(temporary, path);
      break;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['ENOTEMPTY', 'EEXIST'].includes(code) || attempt === N_ATTEMPTS) throw error;
    }
  }
  await flushFolder(dirname(previous));
  await rm(previous, { recursive: true, force: true });
}

/**
 * Where nothing is there but the folder that stepped aside for a new one, that is put back: its writer was killed. One that lives
 * gets a moment to finish.
 */
async function statOrRestore(path: string): Promise<Stats | null> {
  const previous = previousName(path);
  for (const isLast of [false, true]) {
    const found = await statOrNull(path);
    if (found !== null || (await statOrNull(previous)) === null) return found;
    if (!isLast) await new Promise((resolve) => setTimeout(resolve, RENAMING_MS));
  }
  try {
    await rename(previous, path);
  } catch (error) {
    // A writer or another reader was faster.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return statOrNull(path);
}

async function look(path: string): Promise<Stats | null> {
  try {
    return await statOrRestore(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength); // a plain one, without a copy
  } catch (error) {
    throw cannotRead(path, error);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

async function writeFlushed(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await flush(file);
  } finally {
    await file.close();
  }
}

/** Without it a power cut may undo a rename that came before another one. Not every system can. */
async function flushFolder(path: string): Promise<void> {
  let folder: FileHandle;
  try {
    folder = await open(path, 'r');
  } catch {
    return;
  }
  await flush(folder).finally(() => folder.close());
}

async function flush(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (!CANNOT_FLUSH.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Null where nothing is there; a path that leads through a file names nothing either. */
async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Bytes of the probe: more than none, so that a full disk is noticed. */
const PROBE_BYTES = 4096;

/**
 * Tries out before any work whether a file or folder can be written there, by a small file beside it that goes at once; folders
 * that are not there yet are not made.
 * @throws FileAccessError naming the path, the reason and what mends it
 */
export async function checkWritable(
  path: string,
  { isFile = true }: { isFile?: boolean } = {},
): Promise<void> {
  try {
    const found = await statOrNull(path);
    if (isFile && found?.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    let folder = dirname(resolve(path));
    while ((await statOrNull(folder)) === null && dirname(folder) !== folder) folder = dirname(folder);
    const probe = temporaryName(join(folder, 'serial-oe'));
    await writeFlushed(probe, new Uint8Array(PROBE_BYTES)).finally(() => rm(probe, { force: true }));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
