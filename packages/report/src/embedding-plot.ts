import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  type MatrixLike,
  type OptionNames,
  toMatrix,
} from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import { CHART_COLORS, seriesColor, seriesRound } from './chart-theme';
import { checkText } from './check-text';
import { seriesName, sideLegend } from './legend';
import type { ChartOptions } from './render-chart';
import { CHART_OPTIONS, checkSize, renderChart, titleOption, topMargin } from './render-chart';

/** Options of {@link embeddingPlot}. */
export interface EmbeddingPlotOptions extends ChartOptions {
  /** A second label a point, shown by the marker's shape: `'normal'` or `'anomaly'`, for instance. At most 4 kinds. */
  shapes?: ArrayLike<string>;
  /** Diameter of a marker, pixels. Default 6. */
  markerSize?: number;
}

const OPTIONS: OptionNames<EmbeddingPlotOptions> = { ...CHART_OPTIONS, shapes: true, markerSize: true };

const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond'] as const;
const LEFT = 20;
const BOTTOM = 20;
const LEGEND_GAP = 20;

/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 120;

/** Room around the outermost points, as a share of the span. */
const MARGIN = 0.05;

/**
 * A map of points, coloured by label: t-SNE or any projection to two dimensions. Both axes have the same scale; they
 * carry no numbers, since those of t-SNE mean nothing.
 *
 * @param points `[nPoints, 2]`, finite.
 * @param labels `[nPoints]`, one colour a label, in order of first appearance.
 * @param options `shapes` none, `width` 640 and `height` 480 pixels. The height grows with a long legend.
 * @returns SVG text.
 * @throws RangeError for no points, another number of columns, unequal lengths, non-finite values, more than 4 shapes.
 */
export function embeddingPlot(
  points: MatrixLike,
  labels: ArrayLike<string>,
  options: EmbeddingPlotOptions = {},
): string {
  checkOptions('report.embeddingPlot', options, OPTIONS);
  const { title, shapes, markerSize = 6, width = 640, height = 480 } = options;
  const { data, nRows, nCols } = toMatrix('report.embeddingPlot: points', points);
  if (nCols !== 2) {
    throw new RangeError(
      `report.embeddingPlot: points must have 2 columns, got ${nCols}. Project them with tsne.`,
    );
  }
  checkLabels('labels', labels, nRows);
  if (shapes) checkLabels('shapes', shapes, nRows);
  checkNumber('report.embeddingPlot: markerSize', markerSize, ABOVE_ZERO);
  const { names, series } = groupSeries(data, labels, { shapes, markerSize });
  const legend = sideLegend(names, [], width);
  const right = LEGEND_GAP + legend.width;
  checkSize(
    'embeddingPlot',
    { title, width, height },
    { width: LEFT + right + MIN_SIDE, height: BOTTOM + MIN_SIDE },
  );
  const top = topMargin(title);
  const side = Math.min(height - top - BOTTOM, width - LEFT - right);
  const [xLimits, yLimits] = equalLimits(data);
  const hidden = { show: false };
  const bare = {
    type: 'value' as const,
    axisLabel: hidden,
    axisTick: hidden,
    splitLine: hidden,
    axisLine: hidden,
  };
  const frame = { show: true, borderColor: CHART_COLORS.axis, borderWidth: 1 };
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left: LEFT, top, width: side, height: side, outerBoundsMode: 'none', ...frame },
    xAxis: { ...bare, ...xLimits },
    yAxis: { ...bare, ...yLimits },
    legend: { ...legend.option, itemWidth: 10, left: LEFT + side + LEGEND_GAP, top: top + 4 },
    series,
  };
  const fullHeight = Math.max(height, top + legend.height + 12);
  const label = `${title ?? 'Embedding map'}: ${nRows} points in the groups ${names.join(', ')}`;
  return renderChart(option, { width, height: fullHeight, label });
}

function groupSeries(
  data: Float64Array,
  labels: ArrayLike<string>,
  { shapes, markerSize }: { shapes: ArrayLike<string> | undefined; markerSize: number },
) {
  const colors = Array.from(new Set(Array.from(labels)));
  const kinds = shapes ? Array.from(new Set(Array.from(shapes))) : [];
  if (kinds.length > SYMBOLS.length) {
    throw new RangeError(
      `report.embeddingPlot: shapes must have at most ${SYMBOLS.length} kinds, got ${kinds.length}. Use labels.`,
    );
  }
  const groups = new Map<string, { color: number; kind: number; points: number[][] }>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const name = shapes ? `${label} \u00b7 ${shapes[i]}` : label;
    const group = groups.get(name) ?? {
      color: colors.indexOf(label),
      kind: shapes ? kinds.indexOf(shapes[i]!) : 0,
      points: [],
    };
    groups.set(name, group);
    group.points.push([data[2 * i]!, data[2 * i + 1]!]);
  }
  const ordered = Array.from(groups).sort(([, a], [, b]) => a.color - b.color || a.kind - b.kind);
  const series = ordered.map(([, group], i) => ({
    type: 'scatter' as const,
    name: seriesName(i),
    data: group.points,
    symbol: SYMBOLS[shapes ? group.kind : seriesRound(group.color) % SYMBOLS.length]!,
    symbolSize: group.kind === 0 ? markerSize : markerSize * 1.3, // corners make a shape look smaller than a disc
    color: seriesColor(group.color),
    itemStyle: { color: seriesColor(group.color), opacity: 0.75 },
  }));
  return { names: ordered.map(([name]) => name), series };
}

/** Limits of both axes with the same span, so that a pixel is as long in x as in y. */
function equalLimits(data: Float64Array): { min: number; max: number }[] {
  const ranges = [0, 1].map((axis) => {
    let low = Infinity;
    let high = -Infinity;
    for (let i = axis; i < data.length; i += 2) {
      low = Math.min(low, data[i]!);
      high = Math.max(high, data[i]!);
    }
    return { low, high };
  });
  const span = Math.max(...ranges.map(({ low, high }) => high - low)) || 1;
  const half = span * (0.5 + MARGIN);
  return ranges.map(({ low, high }) => ({ min: (low + high) / 2 - half, max: (low + high) / 2 + half }));
}

function checkLabels(name: string, labels: ArrayLike<string>, nRows: number): void {
  if (labels.length !== nRows) {
    throw new RangeError(
      `report.embeddingPlot: ${name} must have one entry a point, ${nRows}, got ${labels.length}.`,
    );
  }
  for (let i = 0; i < nRows; i++) checkText(`report.embeddingPlot: ${name}[${i}]`, labels[i]);
}
