import { stat } from 'node:fs/promises';
import type { FileMark } from './watch-state';

/** A recording below the folder. */
export interface FoundFile extends FileMark {
  path: string;
  /** From the folder to it, with `/` between. */
  name: string;
  /** The same as a list. */
  names: readonly string[];
}

/** Files that are asked for their size at once. */
const AT_ONCE = 64;

/** Finds out which files no longer grow: those whose size and time have stayed the same for a while. */
export class SettledFiles {
  readonly #settleMs: number;
  readonly #since = new Map<string, FileMark & { since: number }>();

  constructor(settleSeconds: number) {
    this.#settleMs = 1000 * settleSeconds;
  }

  /** @param now milliseconds of a clock that is never set */
  take(files: readonly FoundFile[], now: number): FoundFile[] {
    const there = new Set(files.map(({ name }) => name));
    for (const name of this.#since.keys()) if (!there.has(name)) this.#since.delete(name);
    return files.filter(({ name, size, mtime }) => {
      const before = this.#since.get(name);
      const isSame = before !== undefined && before.size === size && before.mtime === mtime;
      if (!isSame) this.#since.set(name, { size, mtime, since: now });
      return isSame && now - before.since >= this.#settleMs;
    });
  }

  forget(name: string): void {
    this.#since.delete(name);
  }
}

/** Size and time of a file; null where it is not there. */
export async function markOf(path: string): Promise<FileMark | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtime: mtimeMs };
  } catch {
    return null; // gone, or not to be reached: it is looked for again
  }
}

/** All that are there, in their order. */
export async function withMarks(files: readonly Omit<FoundFile, keyof FileMark>[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const marks = await Promise.all(some.map(({ path }) => markOf(path)));
    found.push(...some.flatMap((file, i) => (marks[i] === null ? [] : [{ ...file, ...marks[i]! }])));
  }
  return found;
}
