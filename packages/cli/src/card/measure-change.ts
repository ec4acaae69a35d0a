import type { Clip, ClipLoader } from '@serial-oe/datasets';
import { quantile } from '@serial-oe/foundation';
import { type ClipScorer, readAhead, type ScoreChange } from '@serial-oe/runtime/contract';

/** Of more clips, so many are taken evenly. */
const MAX_CLIPS = 100;

export interface MeasureChangeOptions {
  loadClip: ClipLoader;
  signal?: AbortSignal | undefined;
  onProgress?: ((text: string, share: number) => void) | undefined;
}

/** How far two forms of one model differ in the scores of the clips, at least one. */
export async function measureChange(
  [before, after]: readonly [ClipScorer, ClipScorer],
  clips: readonly Clip[],
  { loadClip, signal, onProgress }: MeasureChangeOptions,
): Promise<ScoreChange> {
  const n = Math.min(MAX_CLIPS, clips.length);
  const taken = Array.from({ length: n }, (_, i) => clips[Math.floor((i * clips.length) / n)]!);
  const scores: number[] = [];
  const severities: number[] = [];
  let nTurned = 0;
  for await (const { clip, waveform, sampleRate } of readAhead(taken, loadClip)) {
    signal?.throwIfAborted();
    const { machineId, machineType } = clip;
    const options = { sampleRate, machineId, machineType };
    const [a, b] = [await before.score(waveform, options), await after.score(waveform, options)];
    scores.push(Math.abs(a.anomalyScore - b.anomalyScore));
    if (a.severity !== undefined && b.severity !== undefined)
      severities.push(Math.abs(a.severity - b.severity));
    if (a.isAnomaly !== b.isAnomaly) nTurned++;
    onProgress?.(`what float16 does to the scores ${scores.length}/${n}`, scores.length / n);
  }
  const median = (values: readonly number[]) => quantile(Float64Array.from(values).sort(), 0.5);
  const hasSeverity = severities.length === n;
  return {
    nClips: n,
    medianSeverity: hasSeverity ? median(severities) : null,
    largestSeverity: hasSeverity ? Math.max(...severities) : null,
    medianScore: median(scores),
    largestScore: Math.max(...scores),
    nTurned,
  };
}
