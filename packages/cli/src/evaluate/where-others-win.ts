import type { Summary } from '@serial-oe/evaluation';
import type { Evaluation } from '@serial-oe/runtime/contract';
import { hasNetwork, isSystemName } from '../system-table';

/** How another system does on the clips of an evaluation. */
export interface ComparedSystem {
  system: string;
  /** Whether it is a member of the ensemble that is evaluated, by itself. */
  isMember: boolean;
  summary: Summary;
}

export interface WhereOthersWinOptions {
  /** Whether the model has a network, which the others have to be simpler than. */
  hasNetwork: boolean;
}

/**
 * Where a simpler system does as well as the model or better, and where a member with a network does better alone, in sentences;
 * null where none does.
 */
export function whereOthersWin(
  evaluation: Pick<Evaluation, 'summary'>,
  others: readonly ComparedSystem[],
  { hasNetwork: isNetwork }: WhereOthersWinOptions,
): string | null {
  const isSimple = ({ system }: ComparedSystem) => !isSystemName(system) || !hasNetwork(system);
  const simple = winsOf(evaluation, others.filter(isSimple), (theirs, ours) => theirs >= ours);
  const networks = winsOf(
    evaluation,
    others.filter((other) => !isSimple(other)),
    (theirs, ours) => theirs > ours,
  );
  const sentences = [
    ...(simple === ''
      ? []
      : [`${isNetwork ? 'Without a network, as' : 'As'} good as this model or better: ${simple}.`]),
    ...(networks === '' ? [] : [`The network alone does better: ${networks}.`]),
  ];
  return sentences.length === 0 ? null : sentences.join('\n');
}

/** `level on 00 (AUC 0.90 against 0.80), 02 (..)`, one system after the other. */
function winsOf(
  { summary }: Pick<Evaluation, 'summary'>,
  others: readonly ComparedSystem[],
  isWin: (theirs: number, ours: number) => boolean,
): string {
  const wins = others.flatMap(({ system, summary: theirs }) => {
    const ids = summary.perId.flatMap(({ machineId, auc }) => {
      const other = theirs.perId.find((each) => each.machineId === machineId)?.auc ?? null;
      return auc !== null && other !== null && isWin(other, auc)
        ? [`${machineId} (AUC ${other.toFixed(2)} against ${auc.toFixed(2)})`]
        : [];
    });
    return ids.length > 0 ? [`${system} on ${ids.join(', ')}`] : [];
  });
  return wins.join('; ');
}
