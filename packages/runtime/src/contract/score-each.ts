import type { ClipScorer } from './asd-system';
import type { ClipScore, ClipToScore } from './clip-score';

/**
 * The score of each clip, or the reason why it has none, in their order: all at once where the scorer can (`scoreMany`), else one after
 * the other. A clip that cannot be scored does not stop the others.
 */
export async function scoreEach(
  scorer: Pick<ClipScorer, 'score' | 'scoreMany'>,
  clips: readonly ClipToScore[],
): Promise<PromiseSettledResult<ClipScore>[]> {
  if (scorer.scoreMany !== undefined && clips.length > 1) {
    const scores = await settled(() => scorer.scoreMany!(clips)); // where it fails, one by one tells which clip it was
    if (scores.status === 'fulfilled') return scores.value.map((value) => ({ status: 'fulfilled', value }));
  }
  const results: PromiseSettledResult<ClipScore>[] = [];
  for (const { waveform, options } of clips) {
    results.push(await settled(() => scorer.score(waveform, options)));
  }
  return results;
}

/** Also of what throws before it gives a promise. */
async function settled<T>(work: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([(async () => work())()]);
  return result;
}
