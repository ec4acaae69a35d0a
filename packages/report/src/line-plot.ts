import type { EChartsOption } from 'echarts';
import { seriesColor, seriesDash } from './chart-theme';
import { checkFiniteList, checkNonEmptyArray, checkObject, checkOneOf, checkText } from './check';
import { LINE_SWATCH, seriesName, topLegend } from './legend';
import type { ChartOptions } from './render-chart';
import { axisStyle, checkSize, renderChart, titleOption, topMargin } from './render-chart';
import { thinLine } from './thin-line';

/** One line of {@link linePlot}. */
export interface LineSeries {
  /** What the legend calls it. */
  label: string;
  y: ArrayLike<number>;
  /** As many as `y`. Default 1, 2, 3 ... */
  x?: ArrayLike<number>;
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
}

const LEFT = 66;
const RIGHT = 22;
const RIGHT_WITH_AXIS = 74;
const BOTTOM = 48;
const SCALES = ['linear', 'log'] as const;

/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 80;

/** A line of at most so many points shows where they are; a longer one would only get thick. */
const MAX_MARKED_POINTS = 40;

/** A logarithmic x axis has its ticks at the points themselves where there are at most so many. */
const MAX_LOG_TICKS = 10;

/**
 * Lines over a common x axis, with a second value axis on the right where a series asks for it: a training curve with
 * its learning rate, a figure over the number of known anomalies. Lines with far more points than pixels are thinned to
 * the first, last, lowest and highest of each pixel column, which looks the same.
 *
 * @param series at least one.
 * @param options `width` 640 and `height` 340 pixels, linear scales, no axis names, `title` none.
 * @returns SVG text.
 * @throws RangeError for no series, empty or unequal lists, non-finite values, or values not above 0 on a log axis;
 *   TypeError for values of another kind.
 */
export function linePlot(series: readonly LineSeries[], options: LinePlotOptions = {}): string {
  const { title, width = 640, height = 340, xLabel = '', yLabel = '', rightLabel = '' } = options;
  const { xScale = 'linear', yScale = 'linear', rightScale = 'linear' } = options;
  for (const [name, scale] of Object.entries({ xScale, yScale, rightScale })) {
    checkOneOf(`report.linePlot: ${name}`, scale, SCALES);
  }
  checkNonEmptyArray('report.linePlot: series', series);
  const lines = series.map((line, i) => readLine(line, `report.linePlot: series[${i}]`, options));
  const hasRight = lines.some(({ axis }) => axis === 'right');
  const right = hasRight ? RIGHT_WITH_AXIS : RIGHT;
  const least = { width: LEFT + right + MIN_SIDE, height: BOTTOM + 26 + MIN_SIDE };
  checkSize('linePlot', { title, width, height }, least);
  const legend = topLegend(
    series.map(({ label }) => label),
    width - LEFT - right,
  );
  const top = topMargin(title, 10 + legend.height);
  const fullHeight = Math.max(height, top + BOTTOM + MIN_SIDE);
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left: LEFT, top, right, bottom: BOTTOM, outerBoundsMode: 'none' },
    legend: { ...legend.option, ...LINE_SWATCH, top: topMargin(title, 10), left: LEFT },
    xAxis: xAxis(xLabel, xScale, lines),
    yAxis: [
      valueAxis(yLabel, yScale, lines, 'left'),
      { ...valueAxis(rightLabel, rightScale, lines, 'right'), show: hasRight, splitLine: { show: false } },
    ],
    series: lines.map((line, i) =>
      lineOption(line, i, { nColumns: width - LEFT - right, isLog: xScale === 'log' }),
    ),
  };
  const label = `${title ?? 'Line plot'}: ${series.map((line) => line.label).join('; ')}`;
  return renderChart(option, { width, height: fullHeight, label });
}

interface Line {
  points: [number, number][];
  axis: 'left' | 'right';
}

function readLine(line: LineSeries, where: string, options: LinePlotOptions): Line {
  checkObject(where, line);
  const { label, x, y, axis = 'left' } = line;
  checkText(`${where}.label`, label);
  checkOneOf(`${where}.axis`, axis, ['left', 'right'] as const);
  const ys = checkFiniteList(`${where}.y`, y);
  const xs = x === undefined ? ys.map((_, j) => j + 1) : checkFiniteList(`${where}.x`, x);
  if (xs.length !== ys.length) {
    throw new RangeError(`${where} must have as many x as y values, got ${xs.length} and ${ys.length}.`);
  }
  if (options.xScale === 'log') checkPositive(`${where}.x`, xs);
  if ((axis === 'left' ? options.yScale : options.rightScale) === 'log') checkPositive(`${where}.y`, ys);
  return { points: xs.map((value, j) => [value, ys[j]!]), axis };
}

function lineOption({ points, axis }: Line, i: number, raster: { nColumns: number; isLog: boolean }) {
  const color = seriesColor(i);
  return {
    type: 'line' as const,
    name: seriesName(i),
    yAxisIndex: axis === 'left' ? 0 : 1,
    data: thinLine(points, raster),
    showSymbol: points.length <= MAX_MARKED_POINTS,
    symbol: 'circle',
    symbolSize: 5,
    color,
    itemStyle: { color, borderWidth: 0 },
    lineStyle: { width: 2, color, type: axis === 'right' ? ('dashed' as const) : seriesDash(i) },
  };
}

function xAxis(name: string, scale: 'linear' | 'log', lines: readonly Line[]) {
  const style = axisStyle(name, 28);
  const values = new Set(lines.flatMap(({ points }) => points.map(([x]) => x)));
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

function valueAxis(name: string, scale: 'linear' | 'log', lines: readonly Line[], side: 'left' | 'right') {
  const style = axisStyle(name, side === 'left' ? 46 : 54);
  const values = lines
    .filter(({ axis }) => axis === side)
    .flatMap(({ points }) => points.map(([, y]) => Math.abs(y)));
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

function checkPositive(where: string, values: number[]): void {
  const bad = values.findIndex((value) => value <= 0);
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
