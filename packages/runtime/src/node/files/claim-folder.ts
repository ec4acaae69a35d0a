import { mkdir, open, readFile, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FolderInUseError } from '../../errors';

/** Name of the file in the checkpoint's folder. */
const LOCK_FILE = 'running.json';

interface Owner {
  pid: number;
  host: string;
}

/**
 * Claims a folder for this process, so that two do not write the same model or results. The claim of a process that is no
 * more is taken over. It also shows before the work whether that place can be written to.
 *
 * @returns what gives the folder back, and removes it where it is empty
 * @throws FolderInUseError while another process holds it, or where it cannot be written
 */
export async function claimFolder(folder: string, caller: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_FILE);
  const release = async () => {
    await rm(path, { force: true });
    await rmdir(folder).catch(() => {}); // a checkpoint stays
  };
  try {
    await mkdir(folder, { recursive: true });
    if (await create(path)) return release;
    const owner = await readOwner(path);
    if (owner !== null && isAlive(owner)) {
      throw new FolderInUseError(
        `${caller}: ${folder} must not be in use, but process ${owner.pid} on ${owner.host} works there. ` +
          `Wait for it, choose another --out, or remove ${path} if that process is gone.`,
      );
    }
    await rm(path, { force: true });
    if (await create(path)) return release;
  } catch (cause) {
    if (cause instanceof FolderInUseError) throw cause;
    throw new FolderInUseError(
      `${caller}: ${folder} must be a place that can be written to, for checkpoints, got ${(cause as Error).message}. ` +
        'Choose another --out.',
      { cause },
    );
  }
  throw new FolderInUseError(`${caller}: ${folder} was claimed by another run just now.`);
}

/** Whether the file was made; false where there is one. */
async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    const owner: Owner = { pid: process.pid, host: hostname() };
    await file.writeFile(JSON.stringify(owner)).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const { pid, host } = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null;
  } catch {
    return null; // gone, or cut off while it was written
  }
}

/** Of another machine's process nothing can be known. */
function isAlive({ pid, host }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
