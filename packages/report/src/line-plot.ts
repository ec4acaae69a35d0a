import { checkKind, checkOneOf, checkOptions, type OptionNames, show } from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import { CHART_COLORS } from './chart-theme';
import { checkErrors, checkFiniteList, checkNonEmptyArray, checkSparseList } from './check-lists';
import { checkText } from './check-text';
import { fitLabel, LINE_SWATCH, seriesName, topLegend } from './legend';
import type { Line } from './line-series';
import { drawnValues, hasMarks, lineSeries, MARK_LINE, markSeries } from './line-series';
import type { ChartOptions } from './render-chart';
import { axisStyle, CHART_OPTIONS, checkSize, renderChart, titleOption, topMargin } from './render-chart';

/** One line of {@link linePlot}. */
export interface LineSeries {
  /** What the legend calls it. */
  label: string;
  /** Null leaves a gap. */
  y: ArrayLike<number | null>;
  /** As many as `y`. Default 1, 2, 3 ... */
  x?: ArrayLike<number>;
  /** Half the length of each error bar: a standard deviation, for instance. As many as `y`, at least 0, null for none. */
  errors?: ArrayLike<number | null>;
  /** Figures to compare with, a paper's for instance: a dashed line with diamonds. As many as `y`, null for none. */
  marks?: ArrayLike<number | null>;
  /** Which value axis it belongs to. Default `'left'`. */
  axis?: 'left' | 'right';
}

/** Options of {@link linePlot}. */
export interface LinePlotOptions extends ChartOptions {
  xLabel?: string;
  /** Name of the left axis. */
  yLabel?: string;
  /** Name of the right axis. */
  rightLabel?: string;
  /** Default `'linear'`; `'log'` (base 10) needs positive values. */
  xScale?: 'linear' | 'log';
  /** Scale of the left axis. */
  yScale?: 'linear' | 'log';
  /** Scale of the right axis. */
  rightScale?: 'linear' | 'log';
  /** Places on the x axis at equal distances, such as 0, 1, 2, 4, 8: one a value of each series, which then has no `x`. */
  xCategories?: readonly (string | number)[];
  /** A dot at each point. Default: on lines of at most 40 points. */
  showPoints?: boolean;
  /** How errors are drawn. Default: `'whiskers'` where a line shows its points, else a `'band'`. */
  errorStyle?: 'whiskers' | 'band';
  /** What the legend calls the marks. Default 'reference'. */
  markLabel?: string;
}

const OPTIONS: OptionNames<LinePlotOptions> = {
  ...CHART_OPTIONS,
  xLabel: true,
  yLabel: true,
  rightLabel: true,
  xScale: true,
  yScale: true,
  rightScale: true,
  xCategories: true,
  showPoints: true,
  errorStyle: true,
  markLabel: true,
};

const LEFT = 66;
const RIGHT = 22;
const RIGHT_WITH_AXIS = 74;
const BOTTOM = 48;
const SCALES = ['linear', 'log'] as const;

/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 80;

/** Pixels between the names of categories. */
const LABEL_GAP = 8;

/** Legend swatch of the marks, which stands for lines of any colour. */
const MARK_LINE_SWATCH = {
  itemStyle: { color: CHART_COLORS.mutedInk },
  lineStyle: { ...MARK_LINE, color: CHART_COLORS.mutedInk },
} as const;

/** A logarithmic x axis has its ticks at the points themselves where there are at most so many. */
const MAX_LOG_TICKS = 10;

/**
 * Lines over a common x axis, with a second value axis on the right where a series asks for it: a training curve with
 * its learning rate, a figure with its standard deviation over the number of known anomalies. Lines with far more points
 * than pixels are thinned to the first, last, lowest and highest of each pixel column, which looks the same.
 *
 * @param series at least one.
 * @param options `width` 640 and `height` 340 pixels, linear scales, no axis names, `title` none.
 * @returns SVG text.
 * @throws RangeError for no series, empty or unequal lists, non-finite values, negative errors, or values and ends of
 *   error bars not above 0 on a log axis; TypeError for values of another kind.
 */
export function linePlot(series: readonly LineSeries[], options: LinePlotOptions = {}): string {
  checkOptions('report.linePlot', options, OPTIONS);
  const { title, width = 640, height = 340, xLabel = '', yLabel = '', rightLabel = '' } = options;
  const { xScale = 'linear', yScale = 'linear', rightScale = 'linear', markLabel = 'reference' } = options;
  const { xCategories, showPoints, errorStyle } = options;
  for (const [name, scale] of Object.entries({ xScale, yScale, rightScale })) {
    checkOneOf(`report.linePlot: ${name}`, scale, SCALES);
  }
  if (errorStyle !== undefined) {
    checkOneOf('report.linePlot: errorStyle', errorStyle, ['whiskers', 'band'] as const);
  }
  checkText('report.linePlot: markLabel', markLabel);
  if (xCategories !== undefined) checkCategories(xCategories, xScale);
  checkNonEmptyArray('report.linePlot: series', series);
  const lines = series.map((line, i) => readLine(line, `report.linePlot: series[${i}]`, options));
  const hasRight = lines.some(({ axis }) => axis === 'right');
  const right = hasRight ? RIGHT_WITH_AXIS : RIGHT;
  const nColumns = width - LEFT - right;
  const least = { width: LEFT + right + MIN_SIDE, height: BOTTOM + 26 + MIN_SIDE };
  checkSize('linePlot', { title, width, height }, least);
  const labels = [...series.map(({ label }) => label), ...(lines.some(hasMarks) ? [markLabel] : [])];
  const legend = topLegend(labels, {
    left: LEFT,
    top: topMargin(title, 10),
    width: nColumns,
    swatch: (i) => (i < series.length ? LINE_SWATCH : MARK_LINE_SWATCH),
  });
  const top = topMargin(title, 10 + legend.height);
  const fullHeight = Math.max(height, top + BOTTOM + MIN_SIDE);
  const style = { showPoints, errorStyle, raster: { nColumns, isLog: xScale === 'log' } };
  const markName = seriesName(series.length);
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left: LEFT, top, right, bottom: BOTTOM, outerBoundsMode: 'none' },
    legend: legend.options,
    xAxis: xCategories ? categoryAxis(xLabel, xCategories, nColumns) : xAxis(xLabel, xScale, lines),
    yAxis: [
      valueAxis(lines, { name: yLabel, scale: yScale, side: 'left' }),
      {
        ...valueAxis(lines, { name: rightLabel, scale: rightScale, side: 'right' }),
        show: hasRight,
        splitLine: { show: false },
      },
    ],
    series: [
      ...lines.flatMap((line, i) => lineSeries(line, i, style)),
      ...lines.flatMap((line, i) => (hasMarks(line) ? [markSeries(line, i, markName)] : [])),
    ],
  };
  const label = `${title ?? 'Line plot'}: ${labels.join('; ')}`;
  return renderChart(option, { width, height: fullHeight, label });
}

function readLine(line: LineSeries, where: string, options: LinePlotOptions): Line {
  checkKind(where, line, 'object');
  const { label, axis = 'left' } = line;
  const { xCategories } = options;
  checkText(`${where}.label`, label);
  checkOneOf(`${where}.axis`, axis, ['left', 'right'] as const);
  const y = checkSparseList(`${where}.y`, line.y, xCategories?.length);
  if (xCategories && line.x !== undefined) {
    throw new RangeError(`${where}.x must be left out where there are xCategories, got ${show(line.x)}.`);
  }
  const first = xCategories ? 0 : 1;
  const x = line.x === undefined ? y.map((_, j) => j + first) : checkFiniteList(`${where}.x`, line.x);
  if (x.length !== y.length) {
    throw new RangeError(`${where} must have as many x as y values, got ${x.length} and ${y.length}.`);
  }
  const none = y.map(() => null);
  const errors = checkSparseList(`${where}.errors`, line.errors ?? none, y.length);
  const marks = checkSparseList(`${where}.marks`, line.marks ?? none, y.length);
  checkErrors(`${where}.errors`, errors);
  if (options.xScale === 'log') checkPositive(`${where}.x`, x);
  if ((axis === 'left' ? options.yScale : options.rightScale) === 'log') {
    checkPositive(`${where}.y`, y);
    checkPositive(`${where}.marks`, marks);
    checkPositive(
      `${where}.y - errors`,
      y.map((value, j) => (value === null ? null : value - (errors[j] ?? 0))),
    );
  }
  return { x, y, errors, marks, axis };
}

function checkCategories(categories: readonly (string | number)[], xScale: 'linear' | 'log'): void {
  const where = 'report.linePlot: xCategories';
  checkNonEmptyArray(where, categories);
  for (const [j, name] of categories.entries()) checkText(`${where}[${j}]`, String(name));
  if (xScale === 'log')
    throw new RangeError(`${where} must not come with xScale 'log', got both. Leave one out.`);
}

function categoryAxis(name: string, categories: readonly (string | number)[], nColumns: number) {
  const style = axisStyle(name, 28);
  const room = nColumns / categories.length - LABEL_GAP;
  return {
    ...style,
    type: 'category' as const,
    data: categories.map((category) => fitLabel(String(category), room)),
    axisTick: { ...style.axisTick, alignWithLabel: true },
    axisLabel: { ...style.axisLabel, interval: 0, hideOverlap: false },
    splitLine: { show: false },
  };
}

function xAxis(name: string, scale: 'linear' | 'log', lines: readonly Line[]) {
  const style = axisStyle(name, 28);
  const values = new Set(lines.flatMap(({ x }) => x));
  const base = { ...style, ...limits(values), splitLine: { show: false } };
  if (scale === 'linear') return { ...base, type: 'value' as const };
  const ticks =
    values.size <= MAX_LOG_TICKS ? { customValues: Array.from(values).sort((a, b) => a - b) } : {};
  return {
    ...base,
    type: 'log' as const,
    axisTick: { ...style.axisTick, ...ticks },
    axisLabel: { ...style.axisLabel, ...ticks, formatter: tickFormat(0) },
  };
}

function valueAxis(
  lines: readonly Line[],
  { name, scale, side }: { name: string; scale: 'linear' | 'log'; side: 'left' | 'right' },
) {
  const style = axisStyle(name, side === 'left' ? 46 : 54);
  const values = lines.filter(({ axis }) => axis === side).flatMap((line) => drawnValues(line).map(Math.abs));
  const largest = limits(values).max ?? values[0] ?? 1;
  return {
    ...style,
    type: scale === 'log' ? ('log' as const) : ('value' as const),
    scale: true,
    position: side,
    axisLabel: { ...style.axisLabel, formatter: tickFormat(scale === 'log' ? 0 : largest) },
  };
}

/**
 * Tick labels short enough for the margin: powers of ten where decimals would be long.
 *
 * @param largest value on the axis, so that all its labels look alike; 0 decides label by label.
 */
function tickFormat(largest: number): (value: number) => string {
  return (value) => {
    const size = largest > 0 ? largest : Math.abs(value);
    if (value === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(6)));
    return Number(value.toPrecision(4)).toExponential().replace('e+', 'e');
  };
}

function checkPositive(where: string, values: (number | null)[]): void {
  const bad = values.findIndex((value) => value !== null && value <= 0);
  if (bad >= 0) {
    throw new RangeError(
      `${where}[${bad}] must be above 0 on a log axis, got ${values[bad]}. Use scale 'linear'.`,
    );
  }
}

/** Lowest and highest value, where they differ. */
function limits(values: Iterable<number>): { min?: number; max?: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min < max ? { min, max } : {};
}
