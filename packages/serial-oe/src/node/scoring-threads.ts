import type { Clip } from '@serial-oe/datasets';
import type { ClipScore } from '@serial-oe/runtime';
import { ScoringWorkerError } from '@serial-oe/runtime';
import type { ThreadBackend } from '@serial-oe/runtime/node';
import { startRequestThreads } from '@serial-oe/runtime/node';
import type { ScoredModel, ScoringThreads } from '../platform';

/** What a scoring thread starts with. */
export interface ScoringWorkerData {
  /** The model as a bundle, so that the thread loads it as any other model. */
  files: ReadonlyMap<string, Uint8Array>;
  backend: ThreadBackend;
  /** Name of the model's operations; the thread uses the same. */
  operations: string;
}

export type ScoringRequest = { kind: 'score'; clip: Clip };
export type ScoringResults = { score: ClipScore };

/**
 * Threads with a backend and a copy of the model each; a clip goes to the one that has the least to do.
 *
 * @throws what `loadSerialOe` throws, in a thread; ScoringWorkerError where one cannot start
 */
export async function createScoringThreads(
  model: ScoredModel,
  { nThreads, backend }: { nThreads: number; backend: ThreadBackend },
): Promise<ScoringThreads> {
  const workerData: ScoringWorkerData = { ...model, backend };
  const threads = await startRequestThreads<ScoringRequest, ScoringResults>(
    { file: new URL('./scoring-thread.js', import.meta.url), workerData, toError: threadDied },
    nThreads,
  );
  return { score: (clip) => threads.ask({ kind: 'score', clip }), close: () => threads.close() };
}

function threadDied(reason: string, cause: Error | undefined): ScoringWorkerError {
  return new ScoringWorkerError(
    `serial-oe.scoreClips: a scoring worker has died: ${reason}. The scores before it are good; score the other clips ` +
      'again, with fewer workers if memory is short.',
    { cause },
  );
}
