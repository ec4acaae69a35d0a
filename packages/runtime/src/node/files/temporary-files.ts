import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { hasProcess, pidNamespace } from './process-identity';

/** Of another machine's or an earlier version's file nothing is known but its age; one that is written to is younger. */
const ABANDONED_MS = 3_600_000;

/** `.NAME.HOST-PID-RANDOM.tmp`; earlier versions wrote `.NAME.RANDOM.tmp`. */
const TEMPORARY = /^\.(.+)\.(?:([0-9a-f]{8})-(\d+)-)?[0-9a-f]{12}\.tmp$/s;

/** Under this name a file or folder is written before it takes the place of `path`; beside it, for the rename. */
export function temporaryName(path: string): string {
  const absolute = resolve(path);
  const name = `.${basename(absolute)}.${hostTag()}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  return join(dirname(absolute), name);
}

/** Where the old folder stands while a new one takes its place; not one of the temporary files, because it is the only model then. */
export function previousName(path: string): string {
  const absolute = resolve(path);
  return join(dirname(absolute), `.${basename(absolute)}.previous`);
}

/**
 * Removes what killed processes left half written beside `path` under temporary names of it. What a living process writes stays.
 * That a leftover cannot be removed is no error: it is in nobody's way.
 */
export async function removeLeftoversOf(path: string): Promise<void> {
  const absolute = resolve(path);
  await removeLeftovers(dirname(absolute), (name) => name === basename(absolute));
}

/** Removes what killed processes left half written in a folder; other files, and those of living processes, stay. */
export async function removeLeftovers(
  folder: string,
  isOwned: (name: string) => boolean = () => true,
): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []); // not there yet
  for (const name of names) {
    const [, target, host, pid] = TEMPORARY.exec(name) ?? [];
    if (target === undefined || !isOwned(target)) continue;
    const path = join(folder, name);
    const isLeft = host === hostTag() ? !hasProcess(Number(pid)) : await isAbandoned(path);
    if (isLeft) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS;
}

let tag: string | null = null;

/** Short, so that names stay far from the limit of 255 bytes. */
function hostTag(): string {
  tag ??= createHash('sha256')
    .update(hostname() + pidNamespace())
    .digest('hex')
    .slice(0, 8);
  return tag;
}
