import type { ReportSection, ReportTable } from '@serial-oe/report';
import { costsTable } from '../results/costs-table';
import type { ExperimentResults } from '../results/experiment-results';
import type { Metric } from '../results/metric';
import {
  cellOf,
  cellText,
  comparedTable,
  type ResultsTable,
  resultsTable,
  type TableCell,
} from '../results/results-table';

const METRIC_NAMES = { aAuc: 'aAUC', mAuc: 'mAUC' } as const;

/** Variants by machine types. */
export function tablesOfResults(results: ExperimentResults): ReportTable[] {
  return [
    typeTable(results, 'aAUC, per cent: mean of the machine IDs', { metric: 'aAuc' }),
    typeTable(results, 'mAUC, per cent: the lowest AUC of the machine IDs', { metric: 'mAuc' }),
    typeTable(results, 'aAUC, per cent: one curve over the clips of all machine IDs', {
      metric: 'aAuc',
      scope: 'pooled',
    }),
    ...(hasOfficialFigure(results)
      ? [
          typeTable(results, 'Official figure of DCASE2022 to 2025, per cent: harmonic mean over sections', {
            metric: 'official',
          }),
        ]
      : []),
    ...comparedSystems(results),
    ...costTables(results),
  ];
}

/** Whether test clips had domains. */
export function hasOfficialFigure({ aggregates }: ExperimentResults): boolean {
  return aggregates.some(({ metric }) => metric === 'official');
}

function costTables(results: ExperimentResults): ReportTable[] {
  const { columns, rows } = costsTable(results);
  if (rows.length === 0) return [];
  const caption =
    'What each costs: median time of a clip on the machine that measured, features included; trainings of one seed';
  const headers = columns.map((header, i) => ({ header, ...(i > 0 && { align: 'right' as const }) }));
  return [{ caption, columns: headers, rows }];
}

/** AUC and pAUC of each machine ID. */
export function machineSection(results: ExperimentResults): ReportSection | null {
  const { machineTypes, variants, measurements, aggregates } = results;
  const sections = machineTypes.flatMap((machineType): ReportSection[] => {
    const figures = measurements.find((each) => each.machineType === machineType)?.perId ?? [];
    const table = (metric: Metric, name: string): ReportTable => ({
      caption: `${name} of each machine ID, per cent`,
      columns: [
        { header: 'Variant' },
        ...figures.map(({ machineId, isAveraged }) => ({
          header: isAveraged ? machineId : `${machineId} (not averaged)`,
          align: 'right' as const,
        })),
      ],
      rows: variants.map(({ id, title }) => [
        title,
        ...figures.map(({ machineId }) =>
          cellOrNull(cellOf(aggregates, { variant: id, scope: 'id', machineType, machineId, metric })),
        ),
      ]),
    });
    if (figures.length === 0) return [];
    const counts = figures.map(
      ({ machineId, nNormal, nAnomalous }) => `${machineId}: ${nNormal} + ${nAnomalous}`,
    );
    const text = `Normal and anomalous test clips: ${counts.join(', ')}.`;
    return [{ heading: machineType, text, tables: [table('auc', 'AUC'), table('pAuc', 'pAUC')] }];
  });
  return sections.length === 0 ? null : { heading: 'Machine IDs', sections };
}

/** What was not measured, and why. */
export function missingSection(results: ExperimentResults): ReportSection | null {
  const { variants, omittedVariants, skippedTypes, failures } = results;
  const titles = new Map(variants.map(({ id, title }) => [id, title]));
  const rows = [
    ...omittedVariants.map(({ title, reason }) => [title, null, null, reason]),
    ...skippedTypes.map(({ machineType, reason }) => [null, machineType, null, reason]),
    ...failures.map(({ variant, machineType, seed, reason }) => [
      titles.get(variant) ?? variant,
      machineType,
      seed,
      reason,
    ]),
  ];
  if (rows.length === 0) return null;
  const columns = ['Variant', 'Machine type', 'Seed', 'Reason'].map((header) => ({ header }));
  return { heading: 'What was not measured', tables: [{ columns, rows }] };
}

/** Every training behind the figures. */
export function trainingSection({ runs }: ExperimentResults): ReportSection | null {
  if (runs.length === 0) return null;
  const columns = [
    { header: 'Run' },
    { header: 'System' },
    { header: 'Type' },
    { header: 'Seed' },
    { header: 'Normal clips' },
    { header: 'Of other types' },
    { header: 'Known anomalies' },
    { header: 'Hidden' },
    { header: 'Updates' },
    { header: 'Final loss', digits: 4 },
    { header: 'Minutes', digits: 1 },
    { header: 'Backend' },
  ];
  const rows = runs.map((run) => [
    run.id,
    run.system,
    run.machineType,
    run.seed,
    run.nNormalClips,
    run.nOtherClips,
    run.nKnownAnomalies,
    run.nContaminants,
    run.nUpdates,
    run.finalLoss,
    run.seconds / 60,
    run.backend,
  ]);
  return {
    heading: 'Trainings',
    text: 'Their configurations are in results.json.',
    tables: [{ columns, rows }],
  };
}

function typeTable(
  results: ExperimentResults,
  caption: string,
  { metric, scope = 'type' }: { metric: Metric; scope?: 'type' | 'pooled' },
): ReportTable {
  return tableOf('Variant', caption, resultsTable(results, metric, scope));
}

function tableOf(header: string, caption: string, { columns, rows }: ResultsTable): ReportTable {
  return {
    caption,
    columns: [{ header }, ...columns.map((column) => ({ header: column, align: 'right' as const }))],
    rows: rows.map(({ title, cells }) => [title, ...cells.map(cellOrNull)]),
  };
}

/** Other systems on the machine types that were measured. */
function comparedSystems({ compared, machineTypes }: ExperimentResults): ReportTable[] {
  const { caption = '', rows: byMetric = {} } = compared?.systems ?? {};
  return (['aAuc', 'mAuc'] as const).flatMap((metric) => {
    const rows = byMetric[metric];
    if (rows === undefined) return [];
    const table = comparedTable(rows, machineTypes);
    return [tableOf('System', `${caption}: ${METRIC_NAMES[metric]}, per cent`, table)];
  });
}

function cellOrNull(cell: TableCell): string | null {
  return cell === null ? null : cellText(cell);
}
