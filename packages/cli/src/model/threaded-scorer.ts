import type { ClipScore, ClipScorer, ClipToScore } from '@serial-oe/runtime/contract';

/** Until a thread has started, this many clips are scored without. */
const MIN_CLIPS_A_THREAD = 4;
/** Backends that can be in several threads of a process; the others have threads or a device of their own. */
const THREAD_BACKENDS = ['wasm', 'cpu'];

/** A scorer that can move to threads. */
export interface ThreadedScorer extends ClipScorer {
  /** Starts as many threads as were asked for and the clips are worth; says how many score from now on. */
  startThreads(nClips: number): Promise<number>;
  close(): Promise<void>;
}

/** Threads that each have a copy of the model. */
interface Threads {
  score(clip: ClipToScore): Promise<ClipScore>;
  close(): Promise<void>;
}

export interface ThreadedScorerOptions {
  /**
   * Threads that score beside the one that reads and hears the other members; undefined for one, where the backend can have it and
   * there are clips enough, 0 for none.
   */
  workers: number | undefined;
  /** Name of the tfjs backend; null on an ONNX runtime. */
  backend: string | null;
  create(nThreads: number): Promise<Threads>;
}

/** The scores do not depend on the threads. */
export function threadedScorer(
  scorer: ClipScorer,
  { workers, backend, create }: ThreadedScorerOptions,
): ThreadedScorer {
  let threads: Threads | null = null;
  let nRunning = 0;
  const close = async () => {
    await threads?.close();
    scorer.dispose();
  };
  return {
    ...scorer,
    async startThreads(nClips) {
      if (threads !== null) return nRunning;
      const isPossible = backend !== null && THREAD_BACKENDS.includes(backend);
      const wanted = workers ?? (nClips >= MIN_CLIPS_A_THREAD ? 1 : 0);
      // One thread is no more than a help: where it cannot be had, the calling thread does the work.
      const nThreads = wanted === 1 && !isPossible ? 0 : Math.min(wanted, nClips);
      if (nThreads === 0) return 0;
      threads = await create(nThreads);
      nRunning = nThreads;
      return nThreads;
    },
    async score(waveform, options) {
      return threads === null ? scorer.score(waveform, options) : threads.score({ waveform, options });
    },
    ...(scorer.scoreMany && {
      async scoreMany(clips: readonly ClipToScore[]) {
        const busy = threads;
        if (busy === null) return scorer.scoreMany!(clips);
        return Promise.all(clips.map((clip) => busy.score(clip)));
      },
    }),
    close,
    dispose: () => void close(),
  };
}
