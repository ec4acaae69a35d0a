import {
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  FINITE,
  type OptionNames,
} from '@serial-oe/foundation';
import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { CHART_COLORS, CLASS_COLORS } from './chart-theme';
import { checkFiniteList, checkNonEmptyArray, checkRange } from './check-lists';
import { checkText } from './check-text';
import { fitLabel, labelWidth } from './legend';
import type { ChartOptions } from './render-chart';
import { axisStyle, checkSize, renderChart, titleOption, topMargin } from './render-chart';
import { swarm } from './swarm';

/** A row of {@link stripPlot}: one dot a value. */
export interface StripRow {
  /** What stands left of the row; the number of its values is added. */
  label: string;
  values: ArrayLike<number>;
  /** Decides colour and shape: discs and diamonds. */
  kind: 'normal' | 'anomalous';
}

/** Options of {@link stripPlot}. The height follows from the dots. */
export interface StripPlotOptions extends Omit<ChartOptions, 'height'> {
  /** Drawn as a line; dots above it are filled, the others are outlines. */
  threshold?: number;
  /** Ends of the axis; dots beyond stand at the ends. Default: all values and the threshold. */
  range?: readonly [number, number];
  /** Labelled places of the axis. Default: round numbers. */
  ticks?: readonly number[];
  /** Name of the axis. Default 'Anomaly score'. */
  valueLabel?: string;
}

const OPTIONS: OptionNames<StripPlotOptions> = {
  title: true,
  width: true,
  threshold: true,
  range: true,
  ticks: true,
  valueLabel: true,
};
const ROW: OptionNames<StripRow> = { label: true, values: true, kind: true };

const DOT_SIZE = 8;
/** Corners make a shape look smaller than a disc. */
const DIAMOND_SIZE = 10;
/** Pixels between the middles of neighbouring dots. */
const DOT_STEP = 9;
const MIN_ROW = 34;
const MAX_ROW = 96;
const ROW_GAP = 12;
const LABEL_GAP = 10;
const MAX_LABEL_SHARE = 0.3;
const RIGHT = 20;
const BOTTOM = 48;
const THRESHOLD_ROW = 22;
/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 120;
/** Of the span, beyond the outermost values. */
const MARGIN = 0.04;

/**
 * Every value as a dot of its own on one axis, a row for each machine and class: what a histogram of few or far-spread values hides.
 * Dots that would cover each other are pushed up and down within their row. Nothing is told by colour alone: classes stand in rows
 * of their own and differ in shape, and dots above the threshold are filled.
 *
 * @param options `width` 640 pixels, `title` none.
 * @returns SVG text.
 * @throws RangeError where there is no row, no value, a value that is not finite, or an option out of range; TypeError for values
 *   of another kind.
 */
export function stripPlot(rows: readonly StripRow[], options: StripPlotOptions = {}): string {
  checkOptions('report.stripPlot', options, OPTIONS);
  const { threshold, title, width = 640, valueLabel = 'Anomaly score', ticks } = options;
  const read = readRows(rows);
  checkText('report.stripPlot: valueLabel', valueLabel);
  if (threshold !== undefined) checkNumber('report.stripPlot: threshold', threshold, FINITE);
  if (ticks !== undefined) checkFiniteList('report.stripPlot: ticks', ticks);
  const [low, high] = axisRange(read, options);
  const labels = read.map(({ label, values }) => `${label} (${values.length})`);
  const left =
    LABEL_GAP + Math.min(MAX_LABEL_SHARE * width, Math.max(...labels.map((label) => labelWidth(label))));
  checkSize('stripPlot', { width, title, height: MIN_SIDE }, { width: left + RIGHT + MIN_SIDE, height: 0 });
  const plotWidth = width - left - RIGHT;
  const toPixel = (value: number) =>
    ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * plotWidth;
  const placed = stack(
    read.map(({ values }) => swarm(values.map(toPixel), { step: DOT_STEP, maxHeight: MAX_ROW })),
  );
  const top = topMargin(title, threshold === undefined ? 12 : 12 + THRESHOLD_ROW);
  const isClipped = read.some(({ values }) => values.some((value) => value < low || value > high));
  const style = axisStyle(isClipped ? `${valueLabel} (the ends gather all beyond)` : valueLabel, 28);
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left, top, width: plotWidth, height: placed.height, outerBoundsMode: 'none' },
    xAxis: {
      ...style,
      ...{
        type: 'value',
        min: low,
        max: high,
        splitLine: { show: true, lineStyle: { color: CHART_COLORS.grid } },
      },
      ...(ticks !== undefined && {
        axisTick: { ...style.axisTick, customValues: [...ticks] },
        axisLabel: { ...style.axisLabel, customValues: [...ticks] },
        splitLine: { show: false },
      }),
    },
    // one unit is one pixel, downwards
    yAxis: { type: 'value', min: 0, max: placed.height, inverse: true, show: false },
    graphic: labels.map((label, i) => rowLabel(label, { left, middle: top + placed.middles[i]! })),
    series: read.map((row, i) => ({
      ...rowSeries(row, placed.rows[i]!, { low, high, threshold }),
      ...(i === 0 && threshold !== undefined ? { markLine: thresholdLine(threshold) } : {}),
    })),
  };
  const limit = threshold === undefined ? '' : `, threshold ${shortNumber(threshold)}`;
  const name = `${title ?? valueLabel}: one dot a clip, ${labels.join(', ')}${limit}`;
  return renderChart(option, { width, height: top + placed.height + BOTTOM, label: name });
}

interface Row {
  label: string;
  values: number[];
  kind: StripRow['kind'];
}

function readRows(rows: readonly StripRow[]): Row[] {
  checkNonEmptyArray('report.stripPlot: rows', rows);
  const read = rows.map((row, i) => {
    const where = `report.stripPlot: rows[${i}]`;
    checkKind(where, row, 'object');
    checkOptions(where, row, ROW);
    return {
      label: checkText(`${where}.label`, row.label),
      values: checkFiniteList(`${where}.values`, row.values, 0),
      kind: checkOneOf(`${where}.kind`, row.kind, ['normal', 'anomalous'] as const),
    };
  });
  if (read.some(({ values }) => values.length > 0)) return read;
  throw new RangeError('report.stripPlot: rows must hold at least one value, got none.');
}

function axisRange(rows: readonly Row[], { range, threshold }: StripPlotOptions): [number, number] {
  if (range !== undefined) {
    const checked = checkRange('report.stripPlot: range', range);
    if (threshold === undefined || (threshold >= checked[0] && threshold <= checked[1])) return checked;
    throw new RangeError(
      `report.stripPlot: threshold must lie within range, got ${threshold} for [${checked.join(', ')}]. Widen range.`,
    );
  }
  let [low, high] = threshold === undefined ? [Infinity, -Infinity] : [threshold, threshold];
  for (const value of rows.flatMap(({ values }) => values)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = low < high ? MARGIN * (high - low) : Math.max(0.5, Math.abs(low) * 1e-3);
  return [low - margin, high + margin];
}

/** Rows below each other: how far down each dot and the middle of each row lie, and the height of all. */
function stack(offsets: readonly number[][]): { rows: number[][]; middles: number[]; height: number } {
  let height = ROW_GAP / 2;
  const middles: number[] = [];
  const rows = offsets.map((row) => {
    const reach = row.reduce((most, offset) => Math.max(most, Math.abs(offset)), 0);
    const half = Math.max(MIN_ROW, 2 * reach + DOT_STEP) / 2;
    const middle = height + half;
    middles.push(middle);
    height = middle + half + ROW_GAP;
    return row.map((offset) => middle + offset);
  });
  return { rows, middles, height: Math.ceil(height - ROW_GAP / 2) };
}

function rowSeries(
  { values, kind }: Row,
  heights: readonly number[],
  { low, high, threshold }: { low: number; high: number; threshold: number | undefined },
): ScatterSeriesOption {
  const color = CLASS_COLORS[kind];
  const data = values.map((value, i) => {
    const isFilled = threshold === undefined || value > threshold;
    return {
      value: [Math.min(high, Math.max(low, value)), heights[i]!],
      itemStyle: { color: isFilled ? color : 'none', borderColor: color, borderWidth: 1.5, opacity: 1 },
    };
  });
  const [symbol, symbolSize] = kind === 'normal' ? ['circle', DOT_SIZE] : ['diamond', DIAMOND_SIZE];
  return { type: 'scatter', data, symbol, symbolSize, clip: false };
}

function rowLabel(label: string, { left, middle }: { left: number; middle: number }) {
  return {
    type: 'text' as const,
    x: left - LABEL_GAP,
    y: middle,
    silent: true,
    style: {
      text: fitLabel(label, left - LABEL_GAP),
      fill: CHART_COLORS.ink,
      fontSize: 12,
      align: 'right' as const,
      verticalAlign: 'middle' as const,
    },
  };
}

function thresholdLine(threshold: number) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: CHART_COLORS.ink, width: 1.5, type: 'dashed' as const },
    label: {
      formatter: `threshold ${shortNumber(threshold)}`,
      color: CHART_COLORS.ink,
      fontSize: 11,
      position: 'start' as const, // the axis of the rows goes downwards
      distance: 6,
    },
    data: [{ xAxis: threshold }],
  };
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '\u2212');
}
