import {
  checkKind,
  checkNumber,
  checkOptions,
  FINITE,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import { CHART_COLORS, CLASS_COLORS } from './chart-theme';
import { checkFiniteList, checkRange } from './check-lists';
import { checkText } from './check-text';
import { seriesName, topLegend } from './legend';
import type { ChartOptions } from './render-chart';
import { axisStyle, CHART_OPTIONS, checkSize, renderChart, titleOption, topMargin } from './render-chart';

/** What {@link scoreHistogram} draws. */
export interface ClassScores {
  /** Anomaly scores of the normal clips; may be empty where `anomalous` is not. */
  normal: ArrayLike<number>;
  /** Anomaly scores of the anomalous clips; may be empty where `normal` is not. */
  anomalous: ArrayLike<number>;
  /** Decision threshold, drawn as a vertical line. */
  threshold?: number;
}

/** Options of {@link scoreHistogram}. */
export interface ScoreHistogramOptions extends ChartOptions {
  /** Bins of equal width, shared by both classes. Default: by the number of scores (its square root, 10 to 40). */
  nBins?: number;
  /** Lowest and highest edge; scores beyond are counted in the outermost bins. Default: all scores and the threshold. */
  range?: readonly [number, number];
  /** Name of the score axis. Default 'Anomaly score'. */
  scoreLabel?: string;
}

const OPTIONS: OptionNames<ScoreHistogramOptions> = {
  ...CHART_OPTIONS,
  nBins: true,
  range: true,
  scoreLabel: true,
};

const LEFT = 58;
const RIGHT = 20;
const BOTTOM = 48;
const THRESHOLD_ROW = 20;

/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 80;

/** A threshold this near to an edge, as a share of the range, has its label turned inwards. */
const EDGE_SHARE = 0.12;

/**
 * Histograms of the scores of normal and anomalous clips over the same bins. Each bin holds its lower edge; the last
 * one holds both. The outline of a class is drawn as steps, so that overlapping classes stay readable.
 *
 * @param scores of both classes, and the threshold where there is one.
 * @param options `width` 640 and `height` 340 pixels, `title` none.
 * @returns SVG text.
 * @throws RangeError where both classes are empty, a score is not finite, or an option is out of range; TypeError for
 *   values of another kind.
 */
export function scoreHistogram(scores: ClassScores, options: ScoreHistogramOptions = {}): string {
  checkOptions('report.scoreHistogram', options, OPTIONS);
  const { nBins, range, scoreLabel = 'Anomaly score', title, width = 640, height = 340 } = options;
  const { classes, all, low, high, threshold } = readScores(scores, range);
  checkText('report.scoreHistogram: scoreLabel', scoreLabel);
  const count = checkNumber('report.scoreHistogram: nBins', nBins ?? defaultBins(all.length), POSITIVE_COUNT);
  const edges = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
  const keys = ['normal', 'anomalous'] as const;
  const legend = topLegend(
    keys.map((key) => `${key} (${classes[key].length})`),
    {
      left: LEFT,
      top: topMargin(title, 10),
      width: width - LEFT - RIGHT,
      swatch: () => ({ icon: 'roundRect' }),
    },
  );
  const top = topMargin(title, 10 + legend.height + (threshold === undefined ? 0 : THRESHOLD_ROW));
  checkSize(
    'scoreHistogram',
    { width, height, title },
    { width: LEFT + RIGHT + MIN_SIDE, height: BOTTOM + 46 + MIN_SIDE },
  );
  const isClipped = all.some((score) => score < low || score > high);
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left: LEFT, top, right: RIGHT, bottom: BOTTOM, outerBoundsMode: 'none' },
    legend: legend.options,
    xAxis: {
      type: 'value',
      min: low,
      max: high,
      ...axisStyle(isClipped ? `${scoreLabel} (the ends gather all beyond)` : scoreLabel, 28),
      splitLine: { show: false },
      axisLabel: { ...axisStyle('', 0).axisLabel, showMinLabel: false, showMaxLabel: false },
    },
    yAxis: { type: 'value', min: 0, minInterval: 1, ...axisStyle('Clips', 38) },
    series: keys.map((key, i) => ({
      ...classSeries(key, classes[key], edges),
      name: seriesName(i),
      ...(i === 0 && threshold !== undefined ? { markLine: thresholdLine(threshold, low, high) } : {}),
    })),
  };
  const sizes = `${classes.normal.length} normal and ${classes.anomalous.length} anomalous clips`;
  const limit = threshold === undefined ? '' : `, threshold ${shortNumber(threshold)}`;
  return renderChart(option, { width, height, label: `${title ?? 'Score histogram'}: ${sizes}${limit}` });
}

function readScores(scores: ClassScores, range: readonly [number, number] | undefined) {
  checkKind('report.scoreHistogram: scores', scores, 'object');
  const { threshold } = scores;
  const classes = {
    normal: checkFiniteList('report.scoreHistogram: normal', scores.normal, 0),
    anomalous: checkFiniteList('report.scoreHistogram: anomalous', scores.anomalous, 0),
  };
  const all = [...classes.normal, ...classes.anomalous];
  if (all.length === 0) {
    throw new RangeError(
      'report.scoreHistogram: normal and anomalous must hold at least one score, got none.',
    );
  }
  if (threshold !== undefined) checkNumber('report.scoreHistogram: threshold', threshold, FINITE);
  const [low, high] = range
    ? checkRange('report.scoreHistogram: range', range)
    : spanOf(threshold === undefined ? all : [...all, threshold]);
  if (threshold !== undefined && (threshold < low || threshold > high)) {
    throw new RangeError(
      `report.scoreHistogram: threshold must lie within range, got ${threshold} for [${low}, ${high}]. Widen range.`,
    );
  }
  return { classes, all, low, high, threshold };
}

function classSeries(key: 'normal' | 'anomalous', scores: number[], edges: number[]) {
  const counts = binCounts(scores, edges);
  // 'end' steps run level from each lower edge to the next one and jump there
  const outline = [[edges[0]!, 0], ...counts.map((n, i) => [edges[i]!, n]), [edges.at(-1)!, counts.at(-1)!]];
  const color = CLASS_COLORS[key];
  return {
    type: 'line' as const,
    step: 'end' as const,
    data: [...outline, [edges.at(-1)!, 0]],
    showSymbol: false,
    color,
    lineStyle: { width: 1.5, color, type: 'solid' as const },
    areaStyle: { color, opacity: 0.28 },
  };
}

function thresholdLine(threshold: number, low: number, high: number) {
  const share = (threshold - low) / (high - low);
  const align = share < EDGE_SHARE ? 'left' : share > 1 - EDGE_SHARE ? 'right' : 'center';
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: CHART_COLORS.ink, width: 1.5, type: 'dashed' as const },
    label: {
      formatter: `threshold ${shortNumber(threshold)}`,
      align: align as 'left' | 'right' | 'center',
      color: CHART_COLORS.ink,
      fontSize: 11,
      position: 'end' as const,
      distance: 4,
    },
    data: [{ xAxis: threshold }],
  };
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function binCounts(scores: number[], edges: number[]): number[] {
  const nBins = edges.length - 1;
  const low = edges[0]!;
  const scale = nBins / (edges[nBins]! - low);
  const counts = new Array<number>(nBins).fill(0);
  for (const score of scores) {
    let bin = Math.min(nBins - 1, Math.max(0, Math.floor((score - low) * scale)));
    // the product may land one bin off the edge that it should be compared with
    if (bin > 0 && score < edges[bin]!) bin--;
    else if (bin < nBins - 1 && score >= edges[bin + 1]!) bin++;
    counts[bin]! += 1;
  }
  return counts;
}

function defaultBins(nScores: number): number {
  return Math.min(40, Math.max(10, Math.ceil(Math.sqrt(nScores))));
}

/** Lowest and highest value; half a unit around a single value, so that bins have a width. */
function spanOf(values: number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = Math.max(0.5, Math.abs(low) * 1e-3);
  return low < high ? [low, high] : [low - margin, high + margin];
}
