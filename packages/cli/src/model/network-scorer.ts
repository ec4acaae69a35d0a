import type { ClipScorer, ScoreOptions } from '@serial-oe/runtime/contract';
import { asClipScorer, type SerialOeModel, toBundleFiles } from '@serial-oe/serial-oe';

/** Until a thread has started, this many clips are scored without. */
const MIN_CLIPS_A_THREAD = 4;
/** Backends that can be in several threads of a process; the others have threads or a device of their own. */
const THREAD_BACKENDS = ['wasm', 'cpu'];

/** A network as a scorer that can move to threads. */
export interface NetworkScorer extends ClipScorer {
  /** Starts as many threads as were asked for and the clips are worth; says how many score from now on. */
  startThreads(nClips: number): Promise<number>;
  close(): Promise<void>;
}

export interface NetworkScorerOptions {
  /**
   * Threads that score beside the one that reads and hears the other members; undefined for one, where the backend can have it and
   * there are clips enough, 0 for none.
   */
  workers: number | undefined;
  /** Name of the tfjs backend; null on an ONNX runtime. */
  backend: string | null;
}

/** The scores do not depend on the threads. */
export function networkScorer(
  model: SerialOeModel,
  { workers, backend }: NetworkScorerOptions,
): NetworkScorer {
  const scorer = asClipScorer(model);
  const { machineType, platform, operations } = model;
  type Threads = Awaited<ReturnType<typeof platform.createScoringThreads>>;
  let threads: Threads | null = null;
  const scoreInThread = (to: Threads, waveform: Float32Array, options: ScoreOptions) => {
    const { sampleRate, machineId = model.machineIds[0] as string } = options;
    const clip = { path: 'the waveform', machineType, machineId, waveform, sampleRate };
    return to.score({ ...clip, label: 'normal', split: 'test' });
  };
  const close = async () => {
    await threads?.close();
    scorer.dispose();
  };
  return {
    ...scorer,
    async startThreads(nClips) {
      const isPossible = backend !== null && THREAD_BACKENDS.includes(backend);
      const wanted = workers ?? (nClips >= MIN_CLIPS_A_THREAD ? 1 : 0);
      // One thread is no more than a help: where it cannot be had, the calling thread does the work.
      const nThreads = wanted === 1 && !isPossible ? 0 : Math.min(wanted, nClips);
      if (nThreads === 0 || threads !== null) return 0;
      const files = await toBundleFiles(model.parts);
      threads = await platform.createScoringThreads({ files, operations }, nThreads);
      return nThreads;
    },
    async score(waveform, options) {
      return threads === null ? scorer.score(waveform, options) : scoreInThread(threads, waveform, options);
    },
    async scoreMany(clips) {
      const busy = threads;
      if (busy === null) return scorer.scoreMany!(clips);
      return Promise.all(clips.map(({ waveform, options }) => scoreInThread(busy, waveform, options)));
    },
    close,
    dispose: () => void close(),
  };
}
