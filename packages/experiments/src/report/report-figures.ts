import type { ReportFigure, ReportSection } from '@serial-oe/report';
import { barPlot, embeddingPlot } from '@serial-oe/report/charts';
import type { ExperimentResults } from '../results/experiment-results';
import { type ResultsTable, resultsTable, type TableCell } from '../results/results-table';
import { curveFigures } from './curve-figures';

type Row = ResultsTable['rows'][number];

const PAGE_WIDTH = 1000;
const HALF_WIDTH = 520;

/** aAUC of a detector that guesses, per cent. */
const CHANCE = 50;

const Y_LABEL = 'aAUC, per cent';

/** aAUC as curves where the variants lie on some, else as bars; beside the figures that they are compared with. */
export function resultSection(results: ExperimentResults): ReportSection | null {
  const table = resultsTable(results, 'aAuc');
  const isEmpty = table.rows.every(
    ({ cells, isCompared }) => isCompared || cells.every((cell) => cell === null),
  );
  if (isEmpty) return null;
  const heading = 'Results';
  return results.variants.some(({ curve }) => curve !== null)
    ? { heading, figures: curveFigures(results), figureColumns: 2 }
    : { heading, figures: [barFigure(results, table)] };
}

/** A t-SNE map for each variant, by machine type. */
export function mapSection({ maps, machineTypes, variants }: ExperimentResults): ReportSection | null {
  if (maps.length === 0) return null;
  const titles = new Map(variants.map(({ id, title }) => [id, title]));
  const sections = machineTypes.flatMap((machineType): ReportSection[] => {
    const ofType = maps.filter((map) => map.machineType === machineType);
    const figures = ofType.map(
      ({ variant, seed, perplexity, trustworthiness, machineIds, labels, points }) => {
        const matrix = { data: Float64Array.from(points), nRows: machineIds.length, nCols: 2 };
        const title = titles.get(variant) ?? variant;
        const svg = embeddingPlot(matrix, machineIds, {
          shapes: labels,
          title,
          width: HALF_WIDTH,
          height: 400,
        });
        const caption = `Seed ${seed}, perplexity ${perplexity}; trustworthiness ${trustworthiness.toFixed(3)}.`;
        return { svg, caption };
      },
    );
    return figures.length === 0 ? [] : [{ heading: machineType, figures, figureColumns: 2 }];
  });
  return {
    heading: 'Maps of the test clips',
    text:
      'Each clip by the mean embedding of its chunks, of the first seed, by t-SNE; colours are machine IDs, shapes normal and ' +
      'anomalous clips. Near is alike; distances between groups and their sizes mean nothing. The trustworthiness ' +
      'says how far neighbours on the map are neighbours among the embeddings, at most 1.',
    sections,
  };
}

function barFigure({ seeds, compared }: ExperimentResults, { columns, rows }: ResultsTable): ReportFigure {
  const ours = rows.filter(({ isCompared }) => !isCompared);
  const others = ours.map((row) => comparedOf(row, rows));
  const options = { yLabel: Y_LABEL, yRange: rangeOf(rows), markLabel: compared?.label, width: PAGE_WIDTH };
  const caption = errorText(seeds.length);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    const cells = ours.map((row) => row.cells[0] ?? null);
    const marks = others.map((row) => row?.cells[0]?.mean ?? null);
    const series = [{ label: only, ...meansAndErrors(cells), marks }];
    return { svg: barPlot({ categories: ours.map(({ title }) => title), series }, options), caption };
  }
  const series = ours.map(({ title, cells }, i) => {
    const marks = columns.map((_, j) => others[i]?.cells[j]?.mean ?? null);
    return { label: title, ...meansAndErrors(cells), marks };
  });
  return { svg: barPlot({ categories: columns, series }, options), caption };
}

/** It follows the row that it belongs to. */
function comparedOf(row: Row, rows: readonly Row[]): Row | undefined {
  const next = rows[rows.indexOf(row) + 1];
  return next?.isCompared ? next : undefined;
}

function meansAndErrors(cells: readonly TableCell[]) {
  return {
    values: cells.map((cell) => cell?.mean ?? null),
    errors: cells.map((cell) => cell?.std ?? null),
  };
}

function rangeOf(rows: readonly Row[]): [number, number] {
  const means = rows.flatMap(({ cells }) => cells.flatMap((cell) => (cell === null ? [] : [cell.mean])));
  return [means.every((mean) => mean >= CHANCE) ? CHANCE : 0, 100];
}

function errorText(nSeeds: number): string {
  return nSeeds > 1
    ? `Mean and sample standard deviation over ${nSeeds} seeds; chance is ${CHANCE}.`
    : `One seed; chance is ${CHANCE}.`;
}
