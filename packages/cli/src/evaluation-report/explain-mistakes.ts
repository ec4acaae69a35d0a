import type { Clip, ClipLoader, Dataset } from '@serial-oe/datasets';
import { type Explanation, explainClip, NormalIndex } from '@serial-oe/explain';
import type { ScoredClip } from '@serial-oe/runtime/contract';
import type { Verdict } from '../evaluate/verdict';
import { normalClipsAmong } from '../model/normal-clips';
import type { ReportedModel } from './reported-model';

/** Normal training clips of a machine that a fault is compared with; of more, so many are taken evenly. */
const MAX_NORMALS = 50;

export interface ExplainMistakesOptions {
  dataset: Dataset;
  loadClip: ClipLoader;
  /** Of a machine, at most. */
  nExplained: number;
  onProgress?: ((text: string, share: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Why a clip was mistaken, or why that cannot be told. */
export interface ExplainedMistake {
  result: ScoredClip;
  clip: Clip;
  why: Explanation | { error: string };
}

export interface ExplainedMistakes {
  missed: ExplainedMistake[];
  falseAlarms: ExplainedMistake[];
  /** Null where the data set holds no normal training clip of a machine with mistakes. */
  index: NormalIndex | null;
}

/**
 * Explains mistakes of each machine, missed faults and false alarms in turn: of the former those nearest to the threshold, of the
 * latter the most severe. Each takes about twenty scores.
 * @throws the signal's reason; DatasetError for a clip that can no longer be read
 */
export async function explainMistakes(
  model: ReportedModel,
  verdict: Verdict,
  { dataset, loadClip, nExplained, onProgress, signal }: ExplainMistakesOptions,
): Promise<ExplainedMistakes> {
  const byPath = new Map(dataset.clips.map((clip) => [clip.path, clip]));
  const chosen = chooseMistakes(verdict, nExplained).filter(({ path }) => byPath.has(path));
  if (chosen.length === 0) return { missed: [], falseAlarms: [], index: null };
  const ids = new Set(chosen.map(({ machineId }) => machineId));
  const normals = normalClipsAmong(model, dataset.clips).filter(
    ({ machineId, split }) => split === 'train' && ids.has(machineId),
  );
  const indexed = (share: number) => onProgress?.('hearing normal clips to compare with', share);
  const index =
    normals.length === 0
      ? null
      : await NormalIndex.build(model.scorer, normals, {
          ...{ loadClip, maxClips: MAX_NORMALS, signal },
          onProgress: ({ nDone, nTotal }) => indexed(nDone / nTotal),
        });
  const explained: ExplainedMistake[] = [];
  for (const result of chosen) {
    signal?.throwIfAborted();
    onProgress?.(
      `explaining mistakes ${explained.length}/${chosen.length}`,
      explained.length / chosen.length,
    );
    const clip = byPath.get(result.path)!;
    explained.push({
      result,
      clip,
      why: await explain(model, { result, index, audio: await loadClip(clip) }),
    });
  }
  return {
    missed: explained.filter(({ result }) => result.label === 'anomaly'),
    falseAlarms: explained.filter(({ result }) => result.label === 'normal'),
    index,
  };
}

/** Of each machine so many, by turns. */
function chooseMistakes({ missed, falseAlarms }: Verdict, nExplained: number): ScoredClip[] {
  const machines = [...new Set([...missed, ...falseAlarms].map(({ machineId }) => machineId))];
  return machines.flatMap((id) => {
    const lists = [missed, falseAlarms].map((list) => list.filter(({ machineId }) => machineId === id));
    const longest = Math.max(...lists.map(({ length }) => length));
    const byTurns = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1)));
    return byTurns.flat().slice(0, nExplained);
  });
}

interface Asked {
  result: ScoredClip;
  index: NormalIndex | null;
  audio: { waveform: Float32Array; sampleRate: number };
}

/** What scores cannot be made of parts of is told, and does not cost the report. */
async function explain(
  { scorer }: ReportedModel,
  { result, index, audio }: Asked,
): Promise<ExplainedMistake['why']> {
  const { machineId } = result;
  const own = index?.machineIds.includes(machineId) ? index : undefined;
  const { waveform, sampleRate } = audio;
  try {
    return await explainClip(scorer, waveform, { sampleRate, machineId, index: own });
  } catch (error) {
    if ((error as Error).name !== 'ExplanationError' && !(error instanceof RangeError)) throw error;
    return { error: (error as Error).message };
  }
}
