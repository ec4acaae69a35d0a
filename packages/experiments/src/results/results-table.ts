import { PAPER_AAUC, PAPER_MAUC, PAPER_TYPES, type PaperRow } from '../paper/paper-figures';
import type { Aggregate, ExperimentResults, Metric, Scope } from './experiment-results';

/** Mean and spread in per cent, or null where nothing was measured. */
export type TableCell = { mean: number; std: number | null } | null;

export interface ResultsTable {
  /** Machine types, then `average` where there are several. */
  columns: string[];
  rows: { title: string; cells: TableCell[]; isPaper: boolean }[];
}

/**
 * Variants as rows, machine types as columns, in per cent: the form of the paper's tables. On DCASE2020 each row is followed by
 * the paper's, where it gives one.
 */
export function resultsTable(
  results: ExperimentResults,
  metric: Metric,
  scope: 'type' | 'pooled' = 'type',
): ResultsTable {
  const { machineTypes, variants, experiment, dataset } = results;
  const hasAverage = machineTypes.length > 1 && scope === 'type';
  const columns = [...machineTypes, ...(hasAverage ? ['average'] : [])];
  const rows = variants.flatMap(({ id, title }) => {
    const ours = [
      ...machineTypes.map((type) =>
        cellOf(results.aggregates, { variant: id, scope, machineType: type, metric }),
      ),
      ...(hasAverage
        ? [cellOf(results.aggregates, { variant: id, scope: 'overall', machineType: null, metric })]
        : []),
    ];
    const paper = dataset.isDcase2020 && scope === 'type' ? paperRow(experiment, id, metric) : undefined;
    return [
      { title, cells: ours, isPaper: false },
      ...(paper
        ? [
            {
              title: 'in the paper',
              cells: columns.map((column) => paperCell(paper, column, machineTypes)),
              isPaper: true,
            },
          ]
        : []),
    ];
  });
  return { columns, rows };
}

/** "67.5 ± 3.9", or a dash. */
export function cellText(cell: TableCell): string {
  if (cell === null) return '-';
  return cell.std === null ? cell.mean.toFixed(2) : `${cell.mean.toFixed(2)} ± ${cell.std.toFixed(2)}`;
}

/** An aggregate as a cell, in per cent. */
export function cellOf(
  aggregates: readonly Aggregate[],
  wanted: {
    variant: string;
    scope: Scope;
    machineType: string | null;
    machineId?: string;
    metric: Metric;
  },
): TableCell {
  const found = aggregates.find(
    ({ variant, scope, machineType, machineId, metric }) =>
      variant === wanted.variant &&
      scope === wanted.scope &&
      machineType === wanted.machineType &&
      machineId === (wanted.machineId ?? null) &&
      metric === wanted.metric,
  );
  return found ? { mean: 100 * found.mean, std: found.std === null ? null : 100 * found.std } : null;
}

function paperRow(
  experiment: ExperimentResults['experiment'],
  variant: string,
  metric: Metric,
): PaperRow | undefined {
  if (metric === 'aAuc') return PAPER_AAUC[experiment]?.[variant];
  return metric === 'mAuc' && experiment === 'main' ? PAPER_MAUC : undefined;
}

/** The average is that of the types that were measured; of all of them the paper's own. */
function paperCell(paper: PaperRow, column: string, machineTypes: readonly string[]): TableCell {
  const isPart = column === 'average' && machineTypes.length < PAPER_TYPES.length;
  const values = isPart ? machineTypes.map((type) => paper[type]) : [paper[column]];
  if (!values.every((value) => value !== undefined)) return null;
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, std: null };
}
