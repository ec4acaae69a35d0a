import type { ComparedRow } from './compared-figures';
import type { Aggregate, ExperimentResults, Scope } from './experiment-results';
import type { Metric } from './metric';

/** Column of the mean over the types. */
const AVERAGE = 'average';

/** Mean and spread in per cent, or null where nothing was measured. */
export type TableCell = { mean: number; std: number | null } | null;

export interface ResultsTable {
  /** Machine types, then `average` where there are several. */
  columns: string[];
  rows: { title: string; cells: TableCell[]; isCompared: boolean }[];
}

/**
 * Variants as rows, machine types as columns, in per cent. Each row is followed by the one from elsewhere that it is compared
 * with, where there is one.
 */
export function resultsTable(
  results: ExperimentResults,
  metric: Metric,
  scope: 'type' | 'pooled' = 'type',
): ResultsTable {
  const { machineTypes, variants, compared } = results;
  const hasAverage = machineTypes.length > 1 && scope === 'type';
  const columns = [...machineTypes, ...(hasAverage ? [AVERAGE] : [])];
  const rows = variants.flatMap(({ id, title }) => {
    const ours = [
      ...machineTypes.map((type) =>
        cellOf(results.aggregates, { variant: id, scope, machineType: type, metric }),
      ),
      ...(hasAverage
        ? [cellOf(results.aggregates, { variant: id, scope: 'overall', machineType: null, metric })]
        : []),
    ];
    const row = { title, cells: ours, isCompared: false };
    const other = scope === 'type' ? compared?.rows[metric]?.[id] : undefined;
    if (compared === null || other === undefined) return [row];
    const cells = columns.map((column) => comparedCell(other, column, machineTypes));
    return [row, { title: compared.label, cells, isCompared: true }];
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

/** The average is that of the types that were measured; of all of them the row's own. */
function comparedCell(row: ComparedRow, column: string, machineTypes: readonly string[]): TableCell {
  const nTypes = Object.keys(row).filter((name) => name !== AVERAGE).length;
  const isPart = column === AVERAGE && machineTypes.length < nTypes;
  const values = isPart ? machineTypes.map((type) => row[type]) : [row[column]];
  if (!values.every((value) => value !== undefined)) return null;
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, std: null };
}
