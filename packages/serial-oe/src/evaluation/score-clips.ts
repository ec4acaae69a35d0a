import type { Clip } from '@serial-oe/datasets';
import { UnknownMachineIdError } from '../errors';
import type { Spectrograms } from '../features/front-end';
import type { ClipScore, SerialOeModel } from '../model/serial-oe-model';

export interface ScoreClipsOptions {
  /** Threads that prepare spectrograms; default 1 in Node, 0 in a browser. */
  featureWorkers?: number | undefined;
  onProgress?: ((progress: { nDone: number; nTotal: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A clip with its score, or with the reason why it has none. */
export type ScoredClipOrError = { clip: Clip } & ({ score: ClipScore } | { error: Error });

/**
 * Scores clips in the given order.
 * @throws UnknownMachineIdError before anything is read; DatasetError or RangeError naming the first clip that cannot
 *   be used
 */
export async function scoreClips(
  model: SerialOeModel,
  clips: readonly Clip[],
  options: ScoreClipsOptions = {},
): Promise<ClipScore[]> {
  checkMachineIds(model, clips);
  const scores: ClipScore[] = [];
  for await (const scored of scoreEachClip(model, clips, options)) {
    if ('error' in scored) throw scored.error;
    scores.push(scored.score);
  }
  return scores;
}

/** As {@link scoreClips}, clip by clip; a clip that cannot be scored is told with its error and does not stop the others. */
export async function* scoreEachClip(
  model: SerialOeModel,
  clips: readonly Clip[],
  { featureWorkers, onProgress, signal }: ScoreClipsOptions = {},
): AsyncGenerator<ScoredClipOrError> {
  const { platform, amplitude, config } = model.parts;
  const setup = { clips: [...clips], frontEnd: config.frontEnd, amplitude, nMachineIds: 0, maxCacheBytes: 0 };
  const source = platform.createFeatureSource(setup, featureWorkers ?? platform.defaultFeatureWorkers);
  const request = (i: number): Promise<Spectrograms> | null => {
    if (i >= clips.length) return null;
    const spectrograms = source.clipSpectrograms(i);
    spectrograms.catch(() => {}); // reported where it is awaited
    return spectrograms;
  };
  try {
    let next = request(0);
    for (const [i, clip] of clips.entries()) {
      signal?.throwIfAborted();
      const current = next as Promise<Spectrograms>;
      next = request(i + 1); // prepared while the network runs
      yield await scoreOne(model, clip, current);
      onProgress?.({ nDone: i + 1, nTotal: clips.length });
    }
  } finally {
    await source.close();
  }
}

async function scoreOne(
  model: SerialOeModel,
  clip: Clip,
  spectrograms: Promise<Spectrograms>,
): Promise<ScoredClipOrError> {
  try {
    return { clip, score: await model.scoreSpectrograms(await spectrograms, clip.machineId) };
  } catch (error) {
    return { clip, error: error as Error };
  }
}

function checkMachineIds(model: SerialOeModel, clips: readonly Clip[]): void {
  if (!model.config.useMachineIds) return;
  const known = model.machineIds;
  const unknown = clips.find(({ machineId }) => !known.includes(machineId));
  if (unknown === undefined) return;
  throw new UnknownMachineIdError(
    `serial-oe.scoreClips: machineId must be one of ${known.join(', ')}, got "${unknown.machineId}" for ${unknown.path}. ` +
      'A new machine gets a detector with model.addMachineId.',
    unknown.machineId,
    known,
  );
}
