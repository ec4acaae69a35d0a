import { checkOptions, checkThreadCount, type OptionNames } from '@serial-oe/foundation';
import { getBackend } from '@tensorflow/tfjs-core';
import { fastestOps } from '../../backends/backend';
import type { ClipScore, ClipToScore } from '../../contract/clip-score';
import { ScoringWorkerError } from '../../errors';
import { activeThreadBackend, type ThreadBackend } from '../backends/thread-backend';
import { startRequestThreads } from './request-threads';

export interface ScoringThreadsOptions {
  /** Module that exports a list `systems` of detection systems, which each thread imports. */
  systemsModule: URL | string;
  /** Name of the system among them whose model it is. */
  system: string;
  /** The model's files, as `toFiles` of a scorer gives them. */
  files: ReadonlyMap<string, Uint8Array>;
  /** At least 1. */
  nThreads: number;
}

const OPTIONS: OptionNames<ScoringThreadsOptions> = {
  ...{ systemsModule: true, system: true, files: true, nThreads: true },
};

/** Scores clips beside the calling thread. */
export interface ScoringThreads {
  /**
   * What the model's scorer says of the clip; several may be under way.
   * @throws as `score` of the scorer; ScoringWorkerError where the thread has died
   */
  score(clip: ClipToScore): Promise<ClipScore>;
  close(): Promise<void>;
}

/** What a thread starts with. */
export interface ScoringThreadData extends Omit<ScoringThreadsOptions, 'systemsModule' | 'nThreads'> {
  /** Address of the module. */
  systemsModule: string;
  /** Null where none is active: the model needs none. */
  backend: ThreadBackend | null;
  /** Name of the fastest operations of the calling thread; the thread uses the same. */
  operations: string;
}

export type ScoringThreadRequest = { kind: 'score'; clip: ClipToScore };
type Results = { score: ClipScore };

const WHERE = 'runtime.createScoringThreads';

/**
 * Threads that score by a model of any system, each with a copy of it and a tfjs backend of its own where one is active here. A clip goes
 * to the thread that has the least to do. Scores are those of the calling thread, bit for bit.
 *
 * @throws what `load` of the system throws, in a thread; BackendError where the active backend cannot be in several (wasm and cpu can);
 *   RangeError for a system that the module has not; ScoringWorkerError where a thread cannot start
 * @example
 * const threads = await createScoringThreads({ systemsModule, system: 'scadacos', files: await scorer.toFiles(), nThreads: 2 });
 */
export async function createScoringThreads(options: ScoringThreadsOptions): Promise<ScoringThreads> {
  checkOptions(WHERE, options, OPTIONS);
  const { systemsModule, system, files, nThreads } = options;
  checkThreadCount(`${WHERE}: nThreads`, nThreads);
  const isStarted = (getBackend() ?? undefined) !== undefined; // null or undefined without any
  const backend = isStarted ? activeThreadBackend('createScoringThreads') : null;
  const ops = backend === null ? undefined : await fastestOps('scoring', () => {});
  const workerData: ScoringThreadData = {
    ...{ systemsModule: String(systemsModule), system, files, backend },
    operations: ops?.name ?? 'tfjs',
  };
  const threads = await startRequestThreads<ScoringThreadRequest, Results>(
    { file: new URL('./scoring-thread.js', import.meta.url), workerData, toError: threadDied },
    nThreads,
  );
  return { score: (clip) => threads.ask({ kind: 'score', clip }), close: () => threads.close() };
}

function threadDied(reason: string, cause: Error | undefined): ScoringWorkerError {
  return new ScoringWorkerError(
    `${WHERE}: a scoring worker has died: ${reason}. The scores before it are good; score the other clips again, with fewer workers if ` +
      'memory is short.',
    { cause },
  );
}
