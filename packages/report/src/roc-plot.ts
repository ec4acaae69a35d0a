import {
  checkKind,
  checkNumber,
  checkOptions,
  FINITE,
  type NumberRule,
  type OptionNames,
} from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import { CHART_COLORS, seriesColor, seriesDash } from './chart-theme';
import { checkFiniteList, checkNonEmptyArray } from './check-lists';
import { checkText } from './check-text';
import { LINE_SWATCH, seriesName, sideLegend } from './legend';
import type { ChartOptions } from './render-chart';
import { axisStyle, CHART_OPTIONS, checkSize, renderChart, titleOption, topMargin } from './render-chart';

/** One ROC curve, for instance from `rocCurve` of `@serial-oe/evaluation`. */
export interface RocPlotCurve {
  /** What the legend calls it: a machine ID, for instance. */
  label: string;
  /** False-positive rates in [0, 1], in drawing order. */
  fpr: ArrayLike<number>;
  /** True-positive rates in [0, 1], as many. */
  tpr: ArrayLike<number>;
  /** Area, shown in the legend with three digits. */
  auc?: number;
}

/** Options of {@link rocPlot}. */
export interface RocPlotOptions extends ChartOptions {
  /** The region up to this false-positive rate is shaded, 0 < maxFpr <= 1; 1 shades nothing. Default 0.1. */
  maxFpr?: number;
}

const OPTIONS: OptionNames<RocPlotOptions> = { ...CHART_OPTIONS, maxFpr: true };

const MAX_FPR: NumberRule = { isValid: (x) => x > 0 && x <= 1, rule: 'be a number above 0 and at most 1' };

const LEFT = 58;
const BOTTOM = 48;
const LEGEND_GAP = 22;

/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 120;

/**
 * ROC curves in one square plot with the chance diagonal. The region of the partial AUC is shaded.
 *
 * @param curves at least one, drawn as straight segments from point to point.
 * @param options `maxFpr` 0.1, `width` 640 and `height` 460 pixels, `title` none. The height grows with a long legend.
 * @returns SVG text.
 * @throws RangeError for no curves, unequal or empty lists, rates outside [0, 1], a size too small to draw in; TypeError
 *   for values of another kind.
 */
export function rocPlot(curves: readonly RocPlotCurve[], options: RocPlotOptions = {}): string {
  checkOptions('report.rocPlot', options, OPTIONS);
  const { title, width = 640, height = 460, maxFpr = 0.1 } = options;
  checkNonEmptyArray('report.rocPlot: curves', curves);
  checkNumber('report.rocPlot: maxFpr', maxFpr, MAX_FPR);
  const series = curves.map(curveSeries);
  const labels = [...curves.map(({ label }) => label), 'chance'];
  const suffixes = curves.map(({ auc }) => (auc === undefined ? '' : `, AUC ${auc.toFixed(3)}`));
  const legend = sideLegend(labels, suffixes, width);
  const right = LEGEND_GAP + legend.width;
  checkSize(
    'rocPlot',
    { title, width, height },
    { width: LEFT + right + MIN_SIDE, height: BOTTOM + MIN_SIDE },
  );
  const top = topMargin(title);
  const side = Math.min(height - top - BOTTOM, width - LEFT - right);
  const shaded = maxFpr < 1 ? ` (shaded: pAUC range, up to ${maxFpr})` : '';
  const rateAxis = { type: 'value' as const, min: 0, max: 1, interval: 0.2 };
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left: LEFT, top, width: side, height: side, outerBoundsMode: 'none' },
    xAxis: { ...rateAxis, ...axisStyle(`False-positive rate${shaded}`, 28) },
    yAxis: { ...rateAxis, ...axisStyle('True-positive rate', 38) },
    legend: { ...legend.option, ...LINE_SWATCH, left: LEFT + side + LEGEND_GAP, top: top + 4 },
    series: [...series, chanceSeries(curves.length, maxFpr)],
  };
  const fullHeight = Math.max(height, top + legend.height + 12);
  const label = `${title ?? 'ROC curves'}: ${curves.map((curve, i) => curve.label + suffixes[i]).join('; ')}`;
  return renderChart(option, { width, height: fullHeight, label });
}

function curveSeries(curve: RocPlotCurve, i: number) {
  const where = `report.rocPlot: curves[${i}]`;
  checkKind(where, curve, 'object');
  const { label, fpr, tpr, auc } = curve;
  checkText(`${where}.label`, label);
  const x = checkRates(`${where}.fpr`, fpr);
  const y = checkRates(`${where}.tpr`, tpr);
  if (x.length !== y.length) {
    throw new RangeError(`${where} must have as many fpr as tpr values, got ${x.length} and ${y.length}.`);
  }
  if (auc !== undefined) checkNumber(`${where}.auc`, auc, FINITE);
  return {
    type: 'line' as const,
    name: seriesName(i),
    data: x.map((rate, j) => [rate, y[j]!]),
    showSymbol: false,
    color: seriesColor(i),
    lineStyle: { width: 2, color: seriesColor(i), type: seriesDash(i) },
  };
}

function chanceSeries(i: number, maxFpr: number) {
  return {
    type: 'line' as const,
    name: seriesName(i),
    data: [
      [0, 0],
      [1, 1],
    ],
    showSymbol: false,
    silent: true,
    z: 1,
    color: CHART_COLORS.axis,
    lineStyle: { width: 1, color: CHART_COLORS.axis, type: 'dashed' as const },
    markArea: {
      silent: true,
      itemStyle: { color: CHART_COLORS.shade, opacity: 0.22 },
      data: maxFpr < 1 ? [[{ xAxis: 0 }, { xAxis: maxFpr }] as [{ xAxis: number }, { xAxis: number }]] : [],
    },
  };
}

function checkRates(where: string, values: ArrayLike<number>): number[] {
  const rates = checkFiniteList(where, values, 2);
  const bad = rates.findIndex((rate) => rate < 0 || rate > 1);
  if (bad >= 0) throw new RangeError(`${where}[${bad}] must be a rate from 0 to 1, got ${rates[bad]}.`);
  return rates;
}
