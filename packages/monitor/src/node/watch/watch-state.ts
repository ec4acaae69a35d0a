import { readFileSync } from 'node:fs';
import { checkKind, checkNumber, FINITE, readJson } from '@serial-oe/foundation';
import { writeFileAtomically } from '@serial-oe/runtime/node/files';

const KIND = 'watchState';
const VERSION = 1;
/** A file that is gone for so long is forgotten, seconds: a share that is away for a weekend makes no recording new. */
const FORGOTTEN_AFTER = 30 * 86_400;

/** By what a file is known again. */
export interface FileMark {
  /** Bytes. */
  size: number;
  /** When it was changed, Unix time, milliseconds. */
  mtime: number;
}

interface Seen<T> extends FileMark {
  /** What was found out but perhaps not told yet. */
  untold?: { result: T } | { error: string };
  /** Since when it is no longer there, Unix time, seconds. */
  goneSince?: number;
}

/** Which files of a folder were scored, in one file that is whole at any moment. */
export class WatchState<T> {
  readonly #path: string;
  readonly #files = new Map<string, Seen<T>>();

  /** @throws RangeError or TypeError for a file that is no such state: it is not overwritten */
  constructor(path: string) {
    this.#path = path;
    const text = readIfThere(path);
    if (text === null) return;
    const where = `monitor: the state file ${path}`;
    const { files } = readJson(where, text, { kind: KIND, version: VERSION });
    for (const [name, seen] of Object.entries(checkKind(`${where}: files`, files, 'object'))) {
      const { size, mtime } = checkKind(`${where}: ${name}`, seen, 'object') as FileMark;
      checkNumber(`${where}: ${name}.size`, size, FINITE);
      checkNumber(`${where}: ${name}.mtime`, mtime, FINITE);
      this.#files.set(name, seen as Seen<T>);
    }
  }

  /** Whether the file, as it is now, has been dealt with. */
  knows(name: string, { size, mtime }: FileMark): boolean {
    const seen = this.#files.get(name);
    return seen !== undefined && seen.size === size && seen.mtime === mtime;
  }

  /** What a process that was killed may not have told. */
  untold(): [name: string, untold: NonNullable<Seen<T>['untold']>][] {
    return [...this.#files].flatMap(([name, { untold }]) => (untold === undefined ? [] : [[name, untold]]));
  }

  /** Before it is told, so that it is never lost. */
  async remember(
    name: string,
    { size, mtime }: FileMark,
    untold: NonNullable<Seen<T>['untold']>,
  ): Promise<void> {
    this.#files.set(name, { size, mtime, untold });
    await this.#save();
  }

  async told(name: string): Promise<void> {
    delete this.#files.get(name)?.untold;
    await this.#save();
  }

  /** Notes which files are there, and forgets those that have long been gone. @param now Unix time, seconds */
  noteThere(names: ReadonlySet<string>, now: number): void {
    for (const [name, seen] of this.#files) {
      if (names.has(name)) {
        delete seen.goneSince;
        continue;
      }
      seen.goneSince ??= now;
      if (now - seen.goneSince > FORGOTTEN_AFTER) this.#files.delete(name);
    }
  }

  #save(): Promise<void> {
    const files = Object.fromEntries(this.#files);
    return writeFileAtomically(this.#path, `${JSON.stringify({ kind: KIND, version: VERSION, files })}\n`);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
