import type { ReportSection, ReportTable } from '@serial-oe/report';
import { COMPARED_SYSTEMS, PAPER_TYPES } from '../paper/paper-figures';
import type { ExperimentResults, Metric } from '../results/experiment-results';
import { cellOf, cellText, resultsTable, type TableCell } from '../results/results-table';

/** Variants by machine types, the form of the paper's tables. */
export function tablesOfResults(results: ExperimentResults): ReportTable[] {
  return [
    typeTable(results, 'aAuc', 'aAUC, per cent: mean of the machine IDs'),
    typeTable(results, 'mAuc', 'mAUC, per cent: the lowest AUC of the machine IDs'),
    typeTable(results, 'aAuc', 'aAUC, per cent: one curve over the clips of all machine IDs', 'pooled'),
    ...comparedSystems(results),
  ];
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
    { header: 'Type' },
    { header: 'Seed' },
    { header: 'Normal clips' },
    { header: 'Outliers' },
    { header: 'Known anomalies' },
    { header: 'Hidden' },
    { header: 'Steps' },
    { header: 'Final loss', digits: 4 },
    { header: 'Minutes', digits: 1 },
    { header: 'Backend' },
  ];
  const rows = runs.map((run) => [
    run.id,
    run.machineType,
    run.config.seed,
    run.nNormalClips,
    run.nOutlierClips,
    run.nKnownAnomalies,
    run.nContaminants,
    run.nSteps,
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
  metric: Metric,
  caption: string,
  scope: 'type' | 'pooled' = 'type',
): ReportTable {
  const { columns, rows } = resultsTable(results, metric, scope);
  return {
    caption,
    columns: [{ header: 'Variant' }, ...columns.map((header) => ({ header, align: 'right' as const }))],
    rows: rows.map(({ title, cells }) => [title, ...cells.map(cellOrNull)]),
  };
}

/** Table 1 of the paper, beside the whole method on the same recordings. */
function comparedSystems({ experiment, dataset, machineTypes }: ExperimentResults): ReportTable[] {
  if (experiment !== 'main' || !dataset.isDcase2020 || machineTypes.length < PAPER_TYPES.length) return [];
  return [
    {
      caption: 'Other systems, after the paper',
      columns: [{ header: 'System' }, { header: 'aAUC, average, per cent', digits: 2 }],
      rows: Object.entries(COMPARED_SYSTEMS),
    },
  ];
}

function cellOrNull(cell: TableCell): string | null {
  return cell === null ? null : cellText(cell);
}
