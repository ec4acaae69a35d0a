import type { Summary } from '@serial-oe/evaluation';
import type { SerialOeEvaluation } from '@serial-oe/serial-oe';

/** How a system without a network does on the clips of an evaluation. */
export interface BaselineEvaluation {
  system: string;
  summary: Summary;
}

/** Where a system without a network does as well as the model or better, in a sentence; null where it does nowhere. */
export function whereBaselinesWin(
  { summary }: Pick<SerialOeEvaluation, 'summary'>,
  baselines: readonly BaselineEvaluation[],
): string | null {
  const wins = baselines.flatMap(({ system, summary: theirs }) => {
    const ids = summary.perId.flatMap(({ machineId, auc }) => {
      const other = theirs.perId.find((each) => each.machineId === machineId)?.auc ?? null;
      return auc !== null && other !== null && other >= auc
        ? [`${machineId} (AUC ${other.toFixed(2)} against ${auc.toFixed(2)})`]
        : [];
    });
    return ids.length > 0 ? [`${system} on ${ids.join(', ')}`] : [];
  });
  if (wins.length === 0) return null;
  return `Without a network, as good as this model or better: ${wins.join('; ')}.`;
}
