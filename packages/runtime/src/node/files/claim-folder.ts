import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printableLine } from '@serial-oe/foundation';
import { FolderInUseError } from '../../errors';
import { reasonOf } from './file-error';
import { keepLease, LEASE_MS, RENEW_MS } from './lease';
import { makeFolder } from './make-folder';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity';
import { removeLeftovers, temporaryName } from './temporary-files';

/** Name of the file in the folder. */
const LOCK_FILE = 'running.json';
/** Held for the moment of a take-over. */
const TAKEOVER_FILE = 'running.takeover.json';
/** A claim that is being written on a disk without hard links is whole after this time. */
const WRITING_MS = 200;

/** What a claim holds. Earlier versions wrote process and machine alone. */
interface Claim extends ProcessIdentity {
  /** Tells two claims of one process apart. */
  token: string | null;
  /** ISO 8601, for people. */
  startedAt?: string;
}

/**
 * Claims a folder for this process, so that two do not write the same model or results. On this machine a claim counts while its
 * process runs; one of another machine while its file's time stamp is renewed, which every claim does. One that counts no more is
 * taken over, and what killed processes left half written in the folder is removed. It also shows before the work whether that
 * place can be written to.
 *
 * @returns what gives the folder back, and removes it where it is empty
 * @throws FolderInUseError while another process holds it, or where it cannot be written
 */
export async function claimFolder(folder: string, caller: string): Promise<() => Promise<void>> {
  const { release } = await claimFolderFor(folder, caller);
  return release;
}

/** How long a claim counts on other machines after its last sign of life, and how often it gives one. */
export interface ClaimLease {
  leaseMs: number;
  renewMs: number;
}

/** A folder that is held. */
export interface FolderClaim {
  /** Gives the folder back, and removes it where it is empty. */
  release: () => Promise<void>;
  /** Whether it still is this process's: another may have taken it over while this one gave no sign of life. */
  isHeld: () => Promise<boolean>;
}

/**
 * As {@link claimFolder}, by a lease of its own length: all that claim a folder must agree on it.
 * @throws as {@link claimFolder}
 */
export async function claimFolderFor(
  folder: string,
  caller: string,
  { leaseMs, renewMs }: ClaimLease = { leaseMs: LEASE_MS, renewMs: RENEW_MS },
): Promise<FolderClaim> {
  const path = join(folder, LOCK_FILE);
  const token = randomBytes(6).toString('hex');
  const claim: Claim = { ...ownIdentity(), token, startedAt: new Date().toISOString() };
  const text = JSON.stringify(claim);
  try {
    await makeFolder(folder);
    await acquire(path, { text, token, caller, folder, leaseMs });
    await removeLeftovers(folder);
  } catch (cause) {
    if (cause instanceof FolderInUseError) throw cause;
    throw new FolderInUseError(
      `${caller}: ${folder} must be a place that can be written to, for checkpoints and results, got ${reasonOf(cause)}. ` +
        'Choose another --out.',
      { cause },
    );
  }
  const stopRenewals = keepLease(path, text, { renewMs });
  const isHeld = async () => (await readClaim(path))?.token === token;
  const release = async () => {
    await stopRenewals();
    if (await isHeld()) await rm(path, { force: true });
    await rmdir(folder).catch(() => {}); // a checkpoint stays
  };
  return { release, isHeld };
}

interface Wish {
  text: string;
  token: string;
  caller: string;
  folder: string;
  leaseMs: number;
}

async function acquire(path: string, wish: Wish): Promise<void> {
  // The file's own stamp tells the time as the disk's machine counts it, which renewals are measured by.
  const temporary = temporaryName(path);
  await writeFile(temporary, wish.text);
  try {
    const { mtimeMs: now } = await stat(temporary);
    if (await create(temporary, path)) return;
    await checkIsFree(path, wish, now);
    await takeOver(temporary, path, { ...wish, now });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Whether the claim was put there, whole; false where there is one. */
async function create(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EISDIR'].includes(code))
      throw error;
    return createWithoutLinks(temporary, path);
  }
}

async function createWithoutLinks(temporary: string, path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(await readFile(temporary)).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Only one process at a time may judge a claim and replace it; the replacement is a rename, so that at no moment there is none
 * and whoever comes fresh cannot step in between.
 */
async function takeOver(temporary: string, path: string, wish: Wish & { now: number }): Promise<void> {
  const guard = join(wish.folder, TAKEOVER_FILE);
  if (!(await create(temporary, guard))) {
    await checkIsFree(guard, wish, wish.now);
    // Of a process that was killed in that moment. Only one of several can move it away.
    const moved = temporaryName(guard);
    await rename(guard, moved).catch(() => {});
    await rm(moved, { force: true });
    if (!(await create(temporary, guard))) throw takenJustNow(wish);
  }
  try {
    await checkIsFree(path, wish, wish.now);
    const replacement = temporaryName(path);
    await writeFile(replacement, wish.text);
    await rename(replacement, path);
    if ((await readClaim(path))?.token !== wish.token) throw takenJustNow(wish);
  } finally {
    await rm(guard, { force: true });
  }
}

/** @throws FolderInUseError where the claim at `path` counts */
async function checkIsFree(path: string, { caller, folder, leaseMs }: Wish, now: number): Promise<void> {
  const claim = (await readClaim(path)) ?? (await readLater(path));
  if (claim === null) return;
  const liveness = livenessOf(claim);
  if (liveness === 'gone') return;
  const host = printableLine(claim.host);
  const start = `${caller}: ${folder} must not be in use, but process ${claim.pid} on ${host} works there`;
  if (liveness === 'alive') {
    throw new FolderInUseError(
      `${start}. Wait for it, choose another --out, or remove ${path} if that process is gone.`,
    );
  }
  const stamp = await stat(path).catch(() => null);
  const silentMs = stamp === null ? Number.POSITIVE_INFINITY : now - stamp.mtimeMs;
  if (silentMs > leaseMs) return;
  const seconds = Math.max(0, Math.round(silentMs / 1000));
  const minutes = Math.ceil((leaseMs - silentMs) / 60_000);
  throw new FolderInUseError(
    `${start} (its last sign of life is ${seconds} s old). Wait for it, choose another --out, or, if that process is gone, ` +
      `try again in ${minutes} min or remove ${path}.`,
  );
}

function takenJustNow({ caller, folder }: Wish): FolderInUseError {
  return new FolderInUseError(
    `${caller}: ${folder} was claimed by another run just now. Wait for it, or choose another --out.`,
  );
}

async function readLater(path: string): Promise<Claim | null> {
  await new Promise((resolve) => setTimeout(resolve, WRITING_MS));
  return readClaim(path);
}

/** Null where there is none, or one that was cut off while it was written. */
async function readClaim(path: string): Promise<Claim | null> {
  try {
    const { pid, host, start, space, token } = JSON.parse(await readFile(path, 'utf8')) as Partial<Claim>;
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof host !== 'string') return null;
    const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);
    return {
      ...{ pid: pid as number, host, start: textOrNull(start) },
      ...{ space: textOrNull(space), token: textOrNull(token) },
    };
  } catch {
    return null;
  }
}
