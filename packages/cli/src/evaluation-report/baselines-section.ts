import type { Summary } from '@serial-oe/evaluation';
import type { ReportSection } from '@serial-oe/report';
import type { SerialOeEvaluation } from '@serial-oe/serial-oe';
import { type BaselineEvaluation, whereBaselinesWin } from '../evaluate/where-baselines-win';

/** The model beside systems without a network, on the same clips. */
export function baselinesSection(
  evaluation: SerialOeEvaluation,
  baselines: readonly BaselineEvaluation[],
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
  const wins = whereBaselinesWin(evaluation, baselines);
  return {
    heading: 'Without a network',
    text:
      'The same test clips, scored by what is fitted in seconds on the training clips: mel-statistics hears the mean and the deviation of ' +
      `64 frequency bands over time, level how loud a clip is. ${wins ?? 'The model beats them on every machine.'}`,
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
          ...baselines.map(({ system, summary }) => row(system, summary)),
        ],
      },
    ],
  };
}
