import { checkKind, checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import type { Bars } from './bar-series';
import { barSeries, barStyle, GROUP_SHARE } from './bar-series';
import { MARK_SWATCH } from './chart-shapes';
import { CHART_COLORS } from './chart-theme';
import { checkErrors, checkNonEmptyArray, checkRange, checkSparseList } from './check-lists';
import { checkText } from './check-text';
import { fitLabel, labelWidth, seriesName, topLegend } from './legend';
import type { ChartOptions } from './render-chart';
import { axisStyle, CHART_OPTIONS, checkSize, renderChart, titleOption, topMargin } from './render-chart';

/** One bar in each category, all of one colour. */
export interface BarSeries {
  /** What the legend calls it: a variant of the method, for instance. */
  label: string;
  /** One a category; null where there is none, and a dash stands in its place. */
  values: ArrayLike<number | null>;
  /** Half the length of each error bar: a standard deviation, for instance. One a category, at least 0, null for none. */
  errors?: ArrayLike<number | null>;
  /** Figures to compare with, drawn as diamonds: those of a paper, for instance. One a category, null for none. */
  marks?: ArrayLike<number | null>;
}

/** What {@link barPlot} draws. */
export interface BarGroups {
  /** Names of the groups of bars: machine types, for instance. */
  categories: readonly string[];
  series: readonly BarSeries[];
}

/** Options of {@link barPlot}. */
export interface BarPlotOptions extends ChartOptions {
  /** Name of the value axis, whichever way it lies. */
  yLabel?: string;
  /** Ends of the value axis. All values and marks lie within; an error bar that leaves it has no cap. Default: from 0. */
  yRange?: readonly [low: number, high: number];
  /** What the legend calls the marks. Default 'reference'. */
  markLabel?: string;
  /** Default: `'vertical'` where bars and category names have room beside each other, else `'horizontal'`. */
  orientation?: 'vertical' | 'horizontal';
}

const OPTIONS: OptionNames<BarPlotOptions> = {
  ...CHART_OPTIONS,
  yLabel: true,
  yRange: true,
  markLabel: true,
  orientation: true,
};

const LEFT = 62;
const RIGHT = 22;
const BOTTOM = 48;

/** The plot itself keeps at least this side, pixels, and upright bars this height whatever the legend takes. */
const MIN_SIDE = 80;
const EASY_SIDE = 180;

/** Category names beside horizontal bars take at most this share of the chart's width. */
const MAX_LABEL_SHARE = 0.35;

/** Pixels between the category names and what is beside them. */
const LABEL_GAP = 10;

/** Pixels across a bar, the gap to the next one included: the least there are, and the least that is easy to read. */
const MIN_BAR = 4;
const EASY_BAR = 10;

/**
 * Bars in groups, with error bars and marks to compare with: a figure of the variants of a method over machine types,
 * mean and standard deviation.
 *
 * @param groups at least one category and one series.
 * @param options `width` 640 and `height` 340 pixels, `title` none. The height grows with a long legend and with many
 *   horizontal bars.
 * @returns SVG text.
 * @throws RangeError for no categories or series, lists of another length, values that are not finite or leave `yRange`,
 *   negative errors, or a width that vertical bars do not fit in; TypeError for values of another kind.
 */
export function barPlot(groups: BarGroups, options: BarPlotOptions = {}): string {
  checkOptions('report.barPlot', options, OPTIONS);
  const { title, width = 640, height = 340, yLabel = '', yRange, markLabel = 'reference' } = options;
  checkKind('report.barPlot: groups', groups, 'object');
  const { categories, series } = groups;
  checkNonEmptyArray('report.barPlot: categories', categories);
  for (const [i, name] of categories.entries()) checkText(`report.barPlot: categories[${i}]`, name);
  checkNonEmptyArray('report.barPlot: series', series);
  checkText('report.barPlot: markLabel', markLabel);
  const range = yRange && checkRange('report.barPlot: yRange', yRange);
  const length = categories.length;
  const bars = series.map((entry, i) => readBars(entry, `report.barPlot: series[${i}]`, { length, range }));
  const { orientation = bestOrientation(groups, width) } = options;
  checkOneOf('report.barPlot: orientation', orientation, ['vertical', 'horizontal'] as const);
  const isVertical = orientation === 'vertical';

  const perBar = (categories.length * series.length) / GROUP_SHARE;
  const namesWidth = Math.min(Math.max(...categories.map(labelWidth)), width * MAX_LABEL_SHARE);
  const left = isVertical ? LEFT : Math.ceil(namesWidth) + 2 * LABEL_GAP;
  const least = {
    width: isVertical ? Math.max(MIN_SIDE, MIN_BAR * perBar) : MIN_SIDE,
    height: BOTTOM + 26 + MIN_SIDE,
  };
  checkSize('barPlot', { title, width, height }, { ...least, width: Math.ceil(left + RIGHT + least.width) });
  const hasMarks = bars.some(({ marks }) => marks.some((mark) => mark !== null));
  const labels = [...series.map(({ label }) => label), ...(hasMarks ? [markLabel] : [])];
  const legend = topLegend(labels, {
    left,
    top: topMargin(title, 10),
    width: width - left - RIGHT,
    swatch: (i) => (i < series.length ? barSwatch(i) : MARK_SWATCH),
  });
  const top = topMargin(title, 10 + legend.height);
  const side = isVertical ? EASY_SIDE : Math.max(MIN_SIDE, EASY_BAR * perBar);
  const fullHeight = Math.ceil(Math.max(height, top + BOTTOM + side));

  const nameRoom = isVertical ? (width - left - RIGHT) / categories.length - LABEL_GAP : namesWidth;
  const names = categoryAxis(categories.map((name) => fitLabel(name, nameRoom)));
  const limits = range ? { min: range[0], max: range[1] } : {};
  const values = { ...axisStyle(yLabel, isVertical ? 42 : 28), ...limits, type: 'value' as const };
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left, top, right: RIGHT, bottom: BOTTOM, outerBoundsMode: 'none' },
    legend: legend.options,
    xAxis: isVertical ? names : values,
    yAxis: isVertical ? values : { ...names, inverse: true },
    series: [
      ...bars.map((entry, i) => barSeries(entry, { i, nSeries: series.length, isVertical, range })),
      ...(hasMarks ? [{ type: 'scatter' as const, name: seriesName(series.length), data: [] }] : []),
    ],
  };
  const shown = `${labels.join('; ')} over ${categories.join(', ')}`;
  return renderChart(option, { width, height: fullHeight, label: `${title ?? 'Bar plot'}: ${shown}` });
}

function readBars(
  entry: BarSeries,
  where: string,
  { length, range }: { length: number; range: [number, number] | undefined },
): Bars {
  checkKind(where, entry, 'object');
  checkText(`${where}.label`, entry.label);
  const read = (name: 'values' | 'errors' | 'marks', list: ArrayLike<number | null>) =>
    checkSparseList(`${where}.${name}`, list, length);
  const none = new Array<null>(length).fill(null);
  const values = read('values', entry.values);
  const errors = read('errors', entry.errors ?? none);
  const marks = read('marks', entry.marks ?? none);
  checkErrors(`${where}.errors`, errors);
  for (const [name, list] of Object.entries({ values, marks })) {
    const bad = range ? list.findIndex((v) => v !== null && (v < range[0] || v > range[1])) : -1;
    if (bad >= 0) {
      throw new RangeError(
        `${where}.${name}[${bad}] must lie within yRange, got ${list[bad]} for [${range!.join(', ')}]. Widen yRange.`,
      );
    }
  }
  return { values, errors, marks };
}

function bestOrientation({ categories, series }: BarGroups, width: number): 'vertical' | 'horizontal' {
  const room = (width - LEFT - RIGHT) / categories.length;
  const hasRoom = (room * GROUP_SHARE) / series.length >= EASY_BAR;
  return hasRoom && Math.max(...categories.map(labelWidth)) <= room - LABEL_GAP ? 'vertical' : 'horizontal';
}

function categoryAxis(names: string[]) {
  const style = axisStyle('', 0);
  return {
    ...style,
    type: 'category' as const,
    data: names,
    axisTick: { show: false },
    axisLabel: { ...style.axisLabel, color: CHART_COLORS.ink, fontSize: 12, interval: 0, hideOverlap: false },
    splitLine: { show: false },
  };
}

function barSwatch(i: number) {
  const { fill, fillOpacity, stroke, lineWidth, lineDash } = barStyle(i);
  const border = { borderColor: stroke, borderWidth: lineWidth, borderType: lineDash };
  return { icon: 'rect', itemStyle: { color: fill, opacity: fillOpacity, ...border } };
}
