import type { ComparedRow } from './compared-figures';
import type { Aggregate, ExperimentResults, Scope } from './experiment-results';
import type { Metric } from './metric';

/** Column of the mean over the types. */
const AVERAGE = 'average';

/** Mean and spread in per cent, with what is to be said of them; null where nothing was measured. */
export type TableCell = { mean: number; std: number | null; nSeeds?: number; remark?: string } | null;

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

/** Rows of figures from elsewhere as cells of these machine types, and of their average where there are several. */
export function comparedTable(
  rows: Readonly<Record<string, ComparedRow>>,
  machineTypes: readonly string[],
): ResultsTable {
  const columns = [...machineTypes, ...(machineTypes.length > 1 ? [AVERAGE] : [])];
  return {
    columns,
    rows: Object.entries(rows).map(([title, row]) => ({
      title,
      cells: columns.map((column) => comparedCell(row, column, machineTypes)),
      isCompared: true,
    })),
  };
}

/** "67.50 ± 3.90", with its remark, or a dash. */
export function cellText(cell: TableCell): string {
  if (cell === null) return '-';
  const { mean, std, remark } = cell;
  const parts = [mean.toFixed(2), ...(std === null ? [] : ['±', std.toFixed(2)])];
  return [...parts, ...(remark === undefined ? [] : [remark])].join(' ');
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
  if (found === undefined) return null;
  const { mean, std, nSeeds } = found;
  return { mean: 100 * mean, std: std === null ? null : 100 * std, nSeeds };
}

/** The average is that of the types that were measured; of all of them the row's own. */
function comparedCell(row: ComparedRow, column: string, machineTypes: readonly string[]): TableCell {
  const nTypes = Object.keys(row).filter((name) => name !== AVERAGE).length;
  const isPart = column === AVERAGE && machineTypes.length < nTypes;
  if (!isPart) {
    const own = row[column];
    return own === undefined ? null : { ...own, std: own.std ?? null };
  }
  const values = machineTypes.map((type) => row[type]);
  if (!values.every((value) => value !== undefined)) return null;
  return { mean: values.reduce((sum, { mean }) => sum + mean, 0) / values.length, std: null };
}
