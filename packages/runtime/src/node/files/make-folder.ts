import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it. Unlike `mkdir` with `recursive`, which tries for ever, it ends where a folder takes none
 * although it is there, as in `/proc` or behind a link that leads nowhere.
 * @throws the error of `node:fs`
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'EISDIR' || code === 'EPERM' || code === 'EROFS') {
      const found = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ELOOP' ? cause : error; // else a link that leads nowhere
      });
      if (found.isDirectory()) return;
      throw error;
    }
    const parent = dirname(folder);
    if (code !== 'ENOENT' || (await isThere(parent))) throw error;
    await makeFolder(parent);
    await mkdir(folder).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again; // another process was faster
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
