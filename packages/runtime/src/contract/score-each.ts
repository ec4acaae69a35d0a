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
    const scores = await scorer.scoreMany(clips).catch(() => null); // one by one tells which clip it was
    if (scores !== null) return scores.map((value) => ({ status: 'fulfilled', value }));
  }
  const results: PromiseSettledResult<ClipScore>[] = [];
  for (const { waveform, options } of clips) {
    results.push(...(await Promise.allSettled([scorer.score(waveform, options)])));
  }
  return results;
}
