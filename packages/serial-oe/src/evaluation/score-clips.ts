import { type Clip, findMachineId } from '@serial-oe/datasets';
import { checkOptions, checkThreadCount, type OptionNames } from '@serial-oe/foundation';
import type { ClipScore } from '@serial-oe/runtime';
import { ScoringWorkerError, UnknownMachineIdError } from '@serial-oe/runtime';
import { clipsAhead } from '@serial-oe/training';
import { ONNX_OPERATIONS } from '../model/embedder';
import type { SerialOeModel } from '../model/serial-oe-model';
import { toBundleFiles } from '../model/write-bundle';

export interface ScoringThreadOptions {
  /**
   * Threads that score, each with a backend and a copy of the model (Node; backends wasm and cpu). Default 1, this thread.
   * The scores do not depend on it.
   */
  workers?: number | undefined;
  /**
   * Threads that prepare spectrograms for the one that scores; default 1 in Node, 0 in a browser. To be left out with
   * `workers` above 1, which prepare their own.
   */
  featureWorkers?: number | undefined;
}

export interface ScoreClipsOptions extends ScoringThreadOptions {
  onProgress?: ((progress: { nDone: number; nTotal: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<ScoreClipsOptions> = {
  workers: true,
  featureWorkers: true,
  onProgress: true,
  signal: true,
};

/** A clip with its score, or with the reason why it has none. */
export type ScoredClipOrError = { clip: Clip } & ({ score: ClipScore } | { error: Error });

/** Clips that each scoring thread holds: one that it scores and one that waits. */
const CLIPS_A_WORKER = 2;

/**
 * Scores clips in the given order.
 * @throws UnknownMachineIdError before anything is read; DatasetError or RangeError naming the first clip that cannot
 *   be used; ScoringWorkerError where a thread has died, BackendError where the backend cannot be in several
 */
export async function scoreClips(
  model: SerialOeModel,
  clips: readonly Clip[],
  options: ScoreClipsOptions = {},
): Promise<ClipScore[]> {
  checkOptions('serial-oe.scoreClips', options, OPTIONS);
  checkMachineIds(model, clips);
  const scores: ClipScore[] = [];
  for await (const scored of scoreEachClip(model, clips, options)) {
    if ('error' in scored) throw scored.error;
    scores.push(scored.score);
  }
  return scores;
}

/**
 * As {@link scoreClips}, clip by clip; a clip that cannot be scored is told with its error and does not stop the others.
 * No more clips are read ahead than the threads have room for, however slowly the results are taken.
 */
export async function* scoreEachClip(
  model: SerialOeModel,
  clips: readonly Clip[],
  options: ScoreClipsOptions = {},
): AsyncGenerator<ScoredClipOrError> {
  checkOptions('serial-oe.scoreEachClip', options, OPTIONS);
  const nThreads = Math.min(checkThreads(model, options), clips.length);
  const scored =
    nThreads > 1
      ? scoreInThreads(model, clips, { nThreads, signal: options.signal })
      : scoreHere(model, clips, options);
  let nDone = 0;
  for await (const each of scored) {
    yield each;
    nDone++;
    options.onProgress?.({ nDone, nTotal: clips.length });
  }
}

/** The network on this thread. */
async function* scoreHere(
  model: SerialOeModel,
  clips: readonly Clip[],
  { featureWorkers, signal }: ScoreClipsOptions,
): AsyncGenerator<ScoredClipOrError> {
  const { platform } = model;
  const { amplitude, config } = model.parts;
  const setup = { clips: [...clips], frontEnd: config.frontEnd, amplitude, nMachineIds: 0, maxCacheBytes: 0 };
  const source = platform.createSpectrogramSource(setup, featureWorkers ?? platform.threads.features);
  try {
    for (const { index, features } of clipsAhead(source, [...clips.keys()])) {
      signal?.throwIfAborted();
      const clip = clips[index] as Clip;
      yield await withError(clip, async () => model.scoreSpectrograms(await features, clip.machineId));
    }
  } finally {
    await source.close();
  }
}

/** Whole clips on several threads. */
async function* scoreInThreads(
  model: SerialOeModel,
  clips: readonly Clip[],
  { nThreads, signal }: { nThreads: number; signal: AbortSignal | undefined },
): AsyncGenerator<ScoredClipOrError> {
  signal?.throwIfAborted();
  const { operations, platform } = model;
  const files = await toBundleFiles(model.parts);
  const scorer = await platform.createScoringThreads({ files, operations }, nThreads);
  const open: Promise<ScoredClipOrError>[] = [];
  try {
    for (let i = 0; i < clips.length; i++) {
      signal?.throwIfAborted();
      const end = Math.min(clips.length, i + CLIPS_A_WORKER * nThreads);
      for (const clip of clips.slice(i + open.length, end)) {
        const scored = withError(clip, () => scorer.score(clip));
        scored.catch(() => {}); // reported where it is awaited
        open.push(scored);
      }
      yield await (open.shift() as Promise<ScoredClipOrError>);
    }
  } finally {
    await scorer.close();
  }
}

/** The score, or the clip's own error; what is wrong with the threads ends the run. */
async function withError(clip: Clip, score: () => Promise<ClipScore>): Promise<ScoredClipOrError> {
  try {
    return { clip, score: await score() };
  } catch (error) {
    if (error instanceof ScoringWorkerError) throw error;
    return { clip, error: error as Error };
  }
}

/** The number of scoring threads. */
function checkThreads(model: SerialOeModel, { workers = 1, featureWorkers }: ScoringThreadOptions): number {
  checkThreadCount('serial-oe.scoreClips: workers', workers);
  if (workers > 1 && model.operations === ONNX_OPERATIONS) {
    throw new RangeError(
      `serial-oe.scoreClips: workers must be 1 with a model on an ONNX runtime, got ${workers}. It has threads of its own: ` +
        `load the model with { threads: ${workers} }.`,
    );
  }
  if (featureWorkers === undefined) return workers;
  checkThreadCount('serial-oe.scoreClips: featureWorkers', featureWorkers, 0);
  if (workers > 1) {
    throw new RangeError(
      `serial-oe.scoreClips: featureWorkers must be left out with workers above 1, which prepare their own ` +
        `spectrograms, got featureWorkers ${featureWorkers} with workers ${workers}.`,
    );
  }
  return workers;
}

function checkMachineIds(model: SerialOeModel, clips: readonly Clip[]): void {
  if (!model.config.useMachineIds) return;
  const known = model.machineIds;
  const unknown = clips.find(({ machineId }) => findMachineId(known, machineId) === undefined);
  if (unknown === undefined) return;
  throw new UnknownMachineIdError(
    `serial-oe.scoreClips: machineId must be one of ${known.join(', ')}, got "${unknown.machineId}" for ${unknown.path}. ` +
      'A new machine gets a detector with model.addMachineId.',
    unknown.machineId,
    known,
  );
}
