import type { EpochSummary } from '@serial-oe/runtime';

/**
 * Which epoch's weights become the model: those of the 'last' one, of the one with the lowest validation loss ('best', the
 * earliest of equals), or those at the end of epoch N, counted from 1.
 */
export type EpochSelection = 'last' | 'best' | number;

/**
 * The epoch, from 0, whose weights are the model after these epochs; null where none of them is eligible yet. It depends on
 * the history alone, so that a run that resumes chooses what the uninterrupted run chose.
 */
export function selectEpoch(history: readonly EpochSummary[], selection: EpochSelection): number | null {
  if (selection === 'last') return history.at(-1)?.epoch ?? null;
  if (selection !== 'best') return history[selection - 1]?.epoch ?? null;
  let best: EpochSummary | null = null;
  for (const summary of history) {
    const { validationLoss } = summary;
    if (validationLoss !== null && validationLoss < (best?.validationLoss ?? Number.POSITIVE_INFINITY))
      best = summary;
  }
  return best?.epoch ?? null;
}
