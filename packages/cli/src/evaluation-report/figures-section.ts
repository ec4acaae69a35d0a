import type { ReportSection, ReportTable } from '@serial-oe/report';
import type { Evaluation } from '@serial-oe/runtime/contract';
import { FEW_CLIPS, isEnough } from '../evaluate/few-clips';
import { namedMachines } from '../model/machine-names';
import { percent } from '../terminal/format';

/** AUCs of each ID and of the type, and what the thresholds do. */
export function figuresSection(evaluation: Evaluation): ReportSection {
  const { machineType, summary } = evaluation;
  const few = summary.perId.filter((each) => !isEnough(each));
  return {
    heading: 'Figures',
    text:
      'aAUC is the mean of AUC and pAUC; mAUC is the lowest AUC of the machine IDs. pAUC is standardised, so that ' +
      'chance is 0.5. The interval is a bootstrap over the test clips.',
    warnings:
      few.length === 0
        ? []
        : [
            `Fewer than ${FEW_CLIPS} normal or faulty clips of ${few.map(({ machineId }) => namedMachines(machineType, [machineId])).join(', ')}: ` +
              'the figures may be chance, and no interval is given.',
          ],
    tables: [figuresTable(evaluation), ...domainTables(evaluation), thresholdsTable(evaluation)],
  };
}

/** The official figure of DCASE2022 to 2025, where test clips have domains. */
function domainTables({ machineType, domains }: Evaluation): ReportTable[] {
  if (domains === undefined) return [];
  const digits = { digits: 4 };
  return [
    {
      caption:
        'Domains, by the rule of DCASE2022 to 2025: normal clips of a domain against the anomalies of both; harmonic means',
      columns: [
        { header: 'Section' },
        { header: 'AUC, source', ...digits },
        { header: 'AUC, target', ...digits },
        { header: `pAUC (FPR up to ${domains.maxFpr})`, ...digits },
        { header: 'Official figure', ...digits },
      ],
      rows: domains.perSection.map(({ machineId, sourceAuc, targetAuc, pAuc, officialScore }) => [
        ...[namedMachines(machineType, [machineId]), sourceAuc, targetAuc, pAuc, officialScore],
      ]),
      summaryRows: [['All sections', null, null, null, domains.officialScore]],
    },
  ];
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
      const interval = isEnough({ nNormal, nAnomalous })
        ? decisions.find((each) => each.machineId === machineId)?.aucInterval
        : null;
      const name = namedMachines(machineType, [machineId]);
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

function thresholdsTable({ machineType, decisions, results }: Evaluation): ReportTable {
  const called = (machineId: string, label: 'normal' | 'anomaly') => {
    const own = results.filter((clip) => clip.machineId === machineId && clip.label === label);
    const n = own.filter(({ isAnomaly }) => isAnomaly).length;
    return own.length === 0 ? null : `${n} of ${own.length} (${percent(n / own.length)})`;
  };
  return {
    caption: 'What the thresholds do: set on normal clips of the training, applied to the test clips',
    columns: [
      { header: 'Machine' },
      { header: 'Threshold', digits: 2 },
      { header: 'Faults found', align: 'right' },
      { header: 'False alarms', align: 'right' },
    ],
    rows: decisions.map(({ machineId, threshold }) => [
      namedMachines(machineType, [machineId]),
      threshold,
      called(machineId, 'anomaly'),
      called(machineId, 'normal'),
    ]),
  };
}
