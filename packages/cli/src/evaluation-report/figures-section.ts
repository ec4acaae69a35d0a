import type { ReportSection, ReportTable } from '@serial-oe/report';
import type { Evaluation } from '@serial-oe/runtime/contract';

/** AUCs of each ID and of the type, and what the thresholds do. */
export function figuresSection(evaluation: Evaluation): ReportSection {
  return {
    heading: 'Figures',
    text:
      'aAUC is the mean of AUC and pAUC; mAUC is the lowest AUC of the machine IDs. pAUC is standardised, so that ' +
      'chance is 0.5. The interval is a bootstrap over the test clips.',
    tables: [figuresTable(evaluation), thresholdsTable(evaluation)],
  };
}

function figuresTable({ machineType, summary, decisions }: Evaluation): ReportTable {
  const type = summary.perType[0];
  const digits = { digits: 4 };
  return {
    caption: 'How well the scores tell anomalies from normal sounds',
    columns: [
      { header: 'Machine' },
      { header: 'Normal clips', digits: 0 },
      { header: 'Anomalous clips', digits: 0 },
      { header: 'AUC', ...digits },
      { header: 'AUC, 95 % from', digits: 2 },
      { header: 'to', digits: 2 },
      { header: `pAUC (FPR up to ${summary.maxFpr})`, ...digits },
      { header: 'aAUC', ...digits },
      { header: 'mAUC', ...digits },
    ],
    rows: summary.perId.map(({ machineId, nNormal, nAnomalous, auc, pAuc, aAuc }) => {
      const interval = decisions.find((each) => each.machineId === machineId)?.aucInterval;
      const name = `${machineType} ${machineId}`;
      return [
        name,
        nNormal,
        nAnomalous,
        auc,
        interval?.lower ?? null,
        interval?.upper ?? null,
        pAuc,
        aAuc,
        null,
      ];
    }),
    summaryRows: type
      ? [
          ['Mean of the IDs', null, null, type.auc, null, null, type.pAuc, type.aAuc, type.mAuc],
          [
            'Pooled: one curve over all clips',
            type.pooled.nNormal,
            type.pooled.nAnomalous,
            type.pooled.auc,
            null,
            null,
            type.pooled.pAuc,
            type.pooled.aAuc,
            null,
          ],
        ]
      : [],
  };
}

function thresholdsTable({ machineType, decisions }: Evaluation): ReportTable {
  return {
    caption: 'What the thresholds do: set on normal clips of the training, applied to the test clips',
    columns: [
      { header: 'Machine' },
      { header: 'Threshold', digits: 2 },
      { header: 'Anomalies found, %', isPercent: true, digits: 1 },
      { header: 'False alarms, %', isPercent: true, digits: 1 },
    ],
    rows: decisions.map(({ machineId, threshold, truePositiveRate, falsePositiveRate }) => [
      `${machineType} ${machineId}`,
      threshold,
      truePositiveRate,
      falsePositiveRate,
    ]),
  };
}
