import type { ReportFigure } from '@serial-oe/report';
import { linePlot } from '@serial-oe/report/charts';
import type { ExperimentResults } from '../results/experiment-results';
import { cellOf, comparedTable, type TableCell } from '../results/results-table';

const WIDTH = 520;

/** The two plots of each place, as in the paper's Fig. 4 and 5. */
const METRICS = [
  { metric: 'aAuc', part: 'a', label: 'aAUC, per cent' },
  { metric: 'mAuc', part: 'b', label: 'mAUC, per cent' },
] as const;

interface Curve {
  label: string;
  /** One a place on the x axis. */
  cells: TableCell[];
}

/** Two plots, (a) aAUC and (b) mAUC, of each machine type, their average first. Bars are standard errors. */
export function curveFigures(results: ExperimentResults): ReportFigure[] {
  const { machineTypes, variants, xLabel, seeds } = results;
  const xs = variants.flatMap(({ curve }) => (curve ? [curve.x] : []));
  const places = [...new Set(xs)].sort((a, b) => a - b);
  const columns = [...(machineTypes.length > 1 ? [null] : []), ...machineTypes];
  return columns.flatMap((machineType) =>
    METRICS.map(({ metric, part, label }) => {
      const curves = [
        ...curvesOf(results, { metric, machineType, places }),
        ...linesOf(results, { metric, machineType, places }),
      ];
      const series = curves.map(({ label: name, cells }) => ({
        label: name,
        y: cells.map((cell) => cell?.mean ?? null),
        errors: cells.map(standardError),
      }));
      const svg = linePlot(series, {
        ...{ xCategories: axisOf(results, machineType, places), xLabel, yLabel: label, width: WIDTH },
        title: `(${part}) ${machineType ?? 'average'}`,
      });
      return { svg, caption: captionOf(seeds.length) };
    }),
  );
}

interface Place {
  metric: (typeof METRICS)[number]['metric'];
  machineType: string | null;
  places: readonly number[];
}

/** The variants that lie on curves. */
function curvesOf(results: ExperimentResults, { metric, machineType, places }: Place): Curve[] {
  const { variants } = results;
  const labels = [...new Set(variants.flatMap(({ curve }) => (curve ? [curve.label] : [])))];
  return labels.map((label) => ({
    label,
    cells: places.map((x) => {
      const variant = variants.find(({ curve }) => curve?.label === label && curve.x === x);
      return variant === undefined ? null : cellAt(results, variant.id, { metric, machineType });
    }),
  }));
}

/** Level lines: variants that lie on none, and figures from elsewhere. */
function linesOf(results: ExperimentResults, { metric, machineType, places }: Place): Curve[] {
  const { variants, compared, machineTypes } = results;
  const level = (label: string, cell: TableCell) =>
    cell === null ? [] : [{ label, cells: places.map(() => cell) }];
  const own = variants.flatMap(({ id, title, curve }) =>
    curve === null ? level(title, cellAt(results, id, { metric, machineType })) : [],
  );
  const { columns, rows } = comparedTable(compared?.lines?.[metric] ?? {}, machineTypes);
  const column = machineType === null ? columns.length - 1 : columns.indexOf(machineType);
  const others = rows.flatMap(({ title, cells }) => level(title, cells[column] ?? null));
  return [...own, ...others];
}

/** The figure of a variant on a machine type, or the mean over all of them. */
function cellAt(
  { aggregates }: ExperimentResults,
  variant: string,
  { metric, machineType }: Pick<Place, 'metric' | 'machineType'>,
): TableCell {
  return cellOf(aggregates, {
    variant,
    scope: machineType === null ? 'overall' : 'type',
    machineType,
    metric,
  });
}

/** Names of the places on the x axis: the numbers, or their ratio to the normal training clips of a machine ID. */
function axisOf(
  { normalClipsPerId }: ExperimentResults,
  machineType: string | null,
  places: readonly number[],
): (string | number)[] {
  if (normalClipsPerId === null) return [...places];
  const types = machineType === null ? Object.values(normalClipsPerId) : [normalClipsPerId[machineType]];
  const nClips = types.reduce((sum, each) => sum + (each?.nClips ?? 0), 0);
  const nIds = types.reduce((sum, each) => sum + (each?.nIds ?? 0), 0);
  if (nClips === 0) return [...places];
  return places.map((x) => Number(((100 * x * nIds) / nClips).toPrecision(2)));
}

function standardError(cell: TableCell): number | null {
  if (cell === null || cell.std === null) return null;
  return cell.std / Math.sqrt(cell.nSeeds ?? 1);
}

function captionOf(nSeeds: number): string {
  return nSeeds > 1
    ? `Mean and standard error over ${nSeeds} seeds; chance is 50.`
    : 'One seed; chance is 50.';
}
