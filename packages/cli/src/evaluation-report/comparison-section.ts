import type { Summary } from '@serial-oe/evaluation';
import type { ReportSection } from '@serial-oe/report';
import type { Evaluation } from '@serial-oe/runtime/contract';
import { comparedName } from '../evaluate/evaluation-text';
import {
  type ComparedSystem,
  type WhereOthersWinOptions,
  whereOthersWin,
} from '../evaluate/where-others-win';

/** The model beside other systems on the same clips: the members of an ensemble alone, and systems without a network. */
export function comparisonSection(
  evaluation: Evaluation,
  compared: readonly ComparedSystem[],
  options: WhereOthersWinOptions,
): ReportSection {
  const digits = { digits: 4 };
  const ids = evaluation.summary.perId.map(({ machineId }) => machineId);
  const row = (name: string, { perId, perType: [type] }: Summary) => [
    name,
    ...ids.map((id) => perId.find(({ machineId }) => machineId === id)?.auc ?? null),
    type?.auc ?? null,
    type?.aAuc ?? null,
    type?.mAuc ?? null,
  ];
  const wins = whereOthersWin(evaluation, compared, options);
  return {
    heading: 'Beside other systems',
    text:
      'The same test clips, scored by the members of the ensemble alone, where the model is one, and by what is fitted in seconds on the ' +
      'training clips: mel-statistics hears the mean and the deviation of 64 frequency bands over time, level how loud a clip is. ' +
      (wins ?? 'The model beats them on every machine.'),
    tables: [
      {
        caption: 'AUC of each machine, and means over the machines',
        columns: [
          { header: 'System' },
          ...ids.map((id) => ({ header: `AUC, ${id}`, ...digits })),
          { header: 'AUC', ...digits },
          { header: 'aAUC', ...digits },
          { header: 'mAUC', ...digits },
        ],
        rows: [
          row('this model', evaluation.summary),
          ...compared.map((other) => row(comparedName(other), other.summary)),
        ],
      },
    ],
  };
}
