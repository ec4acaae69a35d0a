import type { Clip } from '@serial-oe/datasets';
import type { ClipScore, ScoringWorkerError } from '@serial-oe/runtime/contract';
import type { LoadedModel } from '../model/loaded-model';

/** A recording's samples, and whatever else its reader tells. */
export interface ReadSamples {
  /** Mono, full scale = 1. */
  waveform: Float32Array;
  /** Hz. */
  sampleRate: number;
}

/** A clip with its score and what was read, or with the reason why it has none. */
export type ScoredRecording<A extends ReadSamples, S> = { clip: Clip } & (
  | { audio: A; score: S }
  | { error: Error }
);

export interface ScoreRecordingsOptions<A extends ReadSamples, S> {
  read(clip: Clip): Promise<A>;
  /** What is asked of each clip; it may ask several scorers, and the clip is read once for all. */
  score(clip: Clip, audio: NoInfer<A>): Promise<S>;
  /** Clips that may be under way at once. */
  nAtOnce: number;
  signal: AbortSignal;
}

/** Clips that each scoring thread holds: one that it scores and one that waits. */
const CLIPS_A_THREAD = 2;

/**
 * Reads each clip once and scores it, in the given order; the next one is read meanwhile. A clip that cannot be read or scored is
 * told with its error and does not stop the others.
 *
 * @throws ScoringWorkerError where a thread has died; the signal's reason
 */
export async function* scoreRecordings<A extends ReadSamples, S>(
  clips: readonly Clip[],
  { read, score, nAtOnce, signal }: ScoreRecordingsOptions<A, S>,
): AsyncGenerator<ScoredRecording<A, S>> {
  const readAt = (i: number): Promise<A> | null => {
    const clip = clips[i];
    const audio = clip === undefined ? null : read(clip);
    audio?.catch(() => {}); // told where it is awaited
    return audio;
  };
  let next = readAt(0);
  const open: Promise<ScoredRecording<A, S>>[] = [];
  for (let i = 0, nStarted = 0; i < clips.length; i++) {
    for (; nStarted < clips.length && open.length < nAtOnce; nStarted++) {
      signal.throwIfAborted();
      const clip = clips[nStarted] as Clip;
      const audio = next as Promise<A>;
      next = readAt(nStarted + 1);
      const scored = withError(clip, async () => {
        const samples = await audio;
        return { clip, audio: samples, score: await score(clip, samples) };
      });
      scored.catch(() => {});
      open.push(scored);
    }
    yield await (open.shift() as Promise<ScoredRecording<A, S>>);
  }
}

/** The clip's own error; what is wrong with the threads ends the run. */
async function withError<A extends ReadSamples, S>(
  clip: Clip,
  score: () => Promise<ScoredRecording<A, S>>,
): Promise<ScoredRecording<A, S>> {
  try {
    return await score();
  } catch (error) {
    if ((error as ScoringWorkerError).name === 'ScoringWorkerError') throw error;
    return { clip, error: error as Error };
  }
}

/** Moves the model's network to its threads, and says how many clips may then be under way. */
export async function clipsAtOnce(model: LoadedModel, nClips: number): Promise<number> {
  return Math.max(1, CLIPS_A_THREAD * (await model.startThreads(nClips)));
}

/** The model's score of a clip. */
export function scoreBy({ scorer }: LoadedModel) {
  return (clip: Clip, { waveform, sampleRate }: ReadSamples): Promise<ClipScore> =>
    scorer.score(waveform, { sampleRate, machineId: clip.machineId });
}
