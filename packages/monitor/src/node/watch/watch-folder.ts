import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listRecordings } from '@serial-oe/datasets/node';
import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  checkNumber,
  checkOptions,
  type OptionNames,
} from '@serial-oe/foundation';
import { FolderInUseError } from '@serial-oe/runtime/contract';
import { checkWritable, claimFolder } from '@serial-oe/runtime/node/files';
import { type FoundFile, markOf, SettledFiles, withMarks } from './settled-files';
import { type FileMark, WatchState } from './watch-state';

/** A recording of a watched folder. */
export interface WatchedFile {
  path: string;
  /** From the folder to it. */
  names: readonly string[];
}

/** What was found out of a recording; `isPassing` for an error that is not its own, such as a decoder that is not installed. */
export type WatchedScore<T> = { result: T } | { error: Error; isPassing?: boolean | undefined };

export interface WatchFolderOptions<T> {
  folder: string;
  /**
   * Finds out what is to be told of a recording: something that JSON can hold, or the error for which it cannot be read, which is told once.
   * What it throws ends the watch.
   */
  score: (file: WatchedFile) => Promise<WatchedScore<T>>;
  tell: (result: T) => void;
  /** A recording that cannot be read; it is tried again when it has changed, after an error that may pass also when the next watch starts. */
  onUnreadable?: ((message: string) => void) | undefined;
  /** Which recordings were scored. Default: `.serial-oe-watch.json` in the folder. */
  stateFile?: string | undefined;
  /** Scores what is there and ends. Default false. */
  isOnce?: boolean | undefined;
  /** A recording that still grows is left until it has stayed the same for so long, seconds. Default 2. */
  settleSeconds?: number | undefined;
  /** From one look into the folder to the next, seconds. Default 1. */
  pollSeconds?: number | undefined;
  /** Ends the watch, after the recording that is under way. */
  signal?: AbortSignal | undefined;
  /** Of what a log should say: links that are not followed, a folder that is away, recordings that still grow at the end. */
  onMessage?: ((message: string) => void) | undefined;
}

const OPTIONS: OptionNames<WatchFolderOptions<unknown>> = {
  ...{ folder: true, score: true, tell: true, onUnreadable: true, stateFile: true, isOnce: true },
  ...{ settleSeconds: true, pollSeconds: true, signal: true, onMessage: true },
};

/** Name of the state file within the folder. */
export const WATCH_STATE_FILE = '.serial-oe-watch.json';

/** How much too early a timer may be. */
const TIMER_SECONDS = 0.01;

/**
 * Scores each new recording of a folder and its subfolders once, over restarts and kill -9 too. A result is written down before it is told:
 * none is lost and no recording is scored again for it. A process that is killed in the instant between telling and noting that down tells
 * the same result again.
 *
 * @throws RangeError or TypeError naming the option, or for a state file that is none; FolderInUseError where another watch uses it; what `score` throws; an error of the file system where
 *   the folder is not there at the start, or the state cannot be written
 * @example
 * await watchFolder({ folder: 'recordings', score, tell: (row) => console.log(row), signal });
 */
export async function watchFolder<T>(options: WatchFolderOptions<T>): Promise<void> {
  const where = 'monitor.watchFolder';
  checkOptions(where, options, OPTIONS);
  checkNumber(`${where}: settleSeconds`, options.settleSeconds ?? 0, AT_LEAST_ZERO);
  checkNumber(`${where}: pollSeconds`, options.pollSeconds ?? 1, ABOVE_ZERO);
  const { folder, stateFile = join(folder, WATCH_STATE_FILE) } = options;
  listRecordings(folder); // a folder that is not there is told, and not made for the claim
  await checkWritable(stateFile);
  const release = await claimState(where, stateFile);
  try {
    await new Watch({ ...options, stateFile }).run();
  } finally {
    await release();
  }
}

/** Two that share a state would each tell what the other has told, and write over what it has noted. */
async function claimState(where: string, stateFile: string): Promise<() => Promise<void>> {
  try {
    return await claimFolder(`${stateFile}.lock`, where);
  } catch (error) {
    if (!(error instanceof FolderInUseError) || error.cause !== undefined) throw error;
    throw new FolderInUseError(
      `${where}: ${stateFile} must be of no other watch that runs, but one uses it. End that one, or give this one a state file of its own.`,
    );
  }
}

class Watch<T> {
  readonly #options: WatchFolderOptions<T>;
  readonly #signal: AbortSignal;
  readonly #state: WatchState<T>;
  readonly #settled: SettledFiles;
  /** Recordings that this watch does not try again. */
  readonly #passing = new Map<string, FileMark>();
  readonly #said = new Set<string>();
  #isAway = false;

  constructor(options: WatchFolderOptions<T> & { stateFile: string }) {
    const { stateFile, settleSeconds = 2 } = options;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#state = new WatchState(stateFile);
    this.#settled = new SettledFiles(settleSeconds);
  }

  async run(): Promise<void> {
    const { isOnce = false, pollSeconds = 1, settleSeconds = 2, folder } = this.#options;
    const first = await this.#list(listRecordings(folder));
    for (const [name, untold] of this.#state.untold()) await this.#tell(name, untold);
    this.#settled.take(first, performance.now());
    await this.#pause(isOnce ? settleSeconds + TIMER_SECONDS : pollSeconds);
    while (!this.#signal.aborted) {
      const open = isOnce ? await this.#list(listRecordings(folder)) : await this.#look();
      for (const file of this.#settled.take(open, performance.now())) {
        if (this.#signal.aborted) return;
        await this.#take(file);
      }
      if (isOnce) return this.#sayLeft(open);
      await this.#pause(pollSeconds);
    }
  }

  /** What is there and not dealt with; nothing while the folder is away, as a share may be. */
  async #look(): Promise<FoundFile[]> {
    try {
      const open = await this.#list(listRecordings(this.#options.folder));
      this.#isAway = false;
      return open;
    } catch (error) {
      if (!this.#isAway) this.#options.onMessage?.(`waiting for the folder: ${(error as Error).message}`);
      this.#isAway = true;
      return [];
    }
  }

  async #list({ paths, warnings }: ReturnType<typeof listRecordings>): Promise<FoundFile[]> {
    for (const warning of warnings) {
      if (!this.#said.has(warning)) this.#options.onMessage?.(warning);
      this.#said.add(warning);
    }
    const { folder } = this.#options;
    const files = paths.map((names) => ({ path: join(folder, ...names), name: names.join('/'), names }));
    this.#state.noteThere(new Set(files.map(({ name }) => name)), Date.now() / 1000);
    return (await withMarks(files)).filter((file) => !this.#knows(file));
  }

  #knows(file: FoundFile): boolean {
    const { size, mtime } = this.#passing.get(file.name) ?? {};
    return this.#state.knows(file.name, file) || (size === file.size && mtime === file.mtime);
  }

  async #take(file: FoundFile): Promise<void> {
    const { path, name, names } = file;
    const scored = await this.#options.score({ path, names });
    const after = await markOf(path);
    if (after === null || after.size !== file.size || after.mtime !== file.mtime) return; // it changed meanwhile, or is gone
    if ('error' in scored && scored.isPassing) {
      this.#passing.set(name, file);
      this.#options.onUnreadable?.(scored.error.message);
      return;
    }
    const untold = 'error' in scored ? { error: scored.error.message } : { result: scored.result };
    await this.#state.remember(name, file, untold);
    this.#settled.forget(name);
    await this.#tell(name, untold);
  }

  async #tell(name: string, untold: { result: T } | { error: string }): Promise<void> {
    if ('result' in untold) this.#options.tell(untold.result);
    else this.#options.onUnreadable?.(untold.error);
    await this.#state.told(name);
  }

  #sayLeft(open: readonly FoundFile[]): void {
    const left = open.filter((file) => !this.#knows(file)).map(({ name }) => name);
    if (left.length > 0)
      this.#options.onMessage?.(`still growing, left for the next time: ${left.join(', ')}`);
  }

  #pause(seconds: number): Promise<void> {
    return sleep(1000 * seconds, undefined, { signal: this.#signal }).catch(() => {});
  }
}
