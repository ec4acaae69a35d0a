import { checkNumber, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import { CHART_COLORS, FONT_FAMILY } from './chart-theme';
import { checkText } from './check-text';
import { init } from './echarts';
import { escapeHtml, FORBIDDEN_IN_XML } from './escape-html';

/** Options that every chart takes. */
export interface ChartOptions {
  /** Heading inside the chart; none by default (a figure caption may say it instead). */
  title?: string;
  /** Pixels. */
  width?: number;
  /** Pixels. */
  height?: number;
}

export const CHART_OPTIONS: OptionNames<ChartOptions> = { title: true, width: true, height: true };

/** Size and accessible name of a chart. */
interface Frame {
  width: number;
  height: number;
  /** What a screen reader says instead of the drawing. */
  label: string;
}

/** Pixels that a chart's heading takes; the plot begins below. */
const TITLE_HEIGHT = 30;

/** Share of the width that a heading fills by the estimate of the renderer, which knows no wide fonts. */
const TITLE_SHARE = 0.8;

/** Pixels above a plot, its heading included. */
export function topMargin(title: string | undefined, margin = 14): number {
  return margin + (title === undefined ? 0 : TITLE_HEIGHT);
}

/** Checks the options that every chart takes, and that the plot fits beside its margins. */
export function checkSize(
  caller: string,
  chart: ChartOptions,
  least: { width: number; height: number },
): void {
  const { title } = chart;
  if (title !== undefined) checkText(`report.${caller}: title`, title);
  for (const side of ['width', 'height'] as const) {
    const pixels = checkNumber(`report.${caller}: ${side}`, chart[side], POSITIVE_COUNT);
    const needed = least[side] + (side === 'height' ? topMargin(title) : 0);
    if (pixels < needed) {
      throw new RangeError(`report.${caller}: ${side} must be at least ${needed} pixels, got ${pixels}.`);
    }
  }
}

/**
 * Renders an ECharts option to SVG text without a browser. The same option gives the same text: ids that ECharts
 * numbers globally are renamed after the drawing's own content, so that several charts fit into one HTML page too.
 */
export function renderChart(option: EChartsOption, { width, height, label }: Frame): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: FONT_FAMILY, fontSize: 12, color: CHART_COLORS.ink },
      ...option,
    });
    return cleanSvg(chart.renderToSVGString(), label);
  } finally {
    chart.dispose();
  }
}

/** Heading at the top left, or nothing. One that is too long ends in an ellipsis. */
export function titleOption(title: string | undefined, chartWidth: number): EChartsOption['title'] {
  if (title === undefined) return { show: false };
  const textStyle = {
    fontSize: 14,
    fontWeight: 600,
    color: CHART_COLORS.ink,
    fontFamily: FONT_FAMILY,
    width: chartWidth * TITLE_SHARE,
    overflow: 'truncate',
    ellipsis: '\u2026',
  } as const;
  return { text: title, left: 8, top: 6, padding: 0, textStyle };
}

/** Look of a value axis. */
export function axisStyle(name: string, nameGap: number) {
  return {
    name,
    nameLocation: 'middle' as const,
    nameGap,
    nameTextStyle: { color: CHART_COLORS.ink, fontSize: 12 },
    axisLine: { show: true, onZero: false, lineStyle: { color: CHART_COLORS.axis } },
    axisTick: { show: true, lineStyle: { color: CHART_COLORS.axis } },
    axisLabel: { color: CHART_COLORS.mutedInk, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: CHART_COLORS.grid } },
  };
}

/** Drops hover styles and event attributes, renames ids, and gives the drawing its accessible name. */
function cleanSvg(svg: string, label: string): string {
  const still = svg
    .replace(/<style\s*><!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>/g, '')
    .replace(/ (class="zr\d+-cls-\d+"|ecmeta_[a-z_]+="[^"]*"|pointer-events="visible")/g, '')
    .replace(/(id="|url\(#)zr\d+-/g, '$1chart-')
    .replace(/\n\s*\n+/g, '\n')
    .replace(FORBIDDEN_IN_XML, '\ufffd');
  const prefix = `chart-${fnv1a(still + label)}-`;
  const name = escapeHtml(label);
  return still
    .replace(/(id="|url\(#)chart-/g, `$1${prefix}`)
    .replace(/^<svg /, `<svg class="serial-oe-chart" role="img" aria-label="${name}" `)
    .replace('>', `>\n<title>${name}</title>`);
}

/** 32-bit FNV-1a hash in hexadecimal: the id prefix must follow from the content alone. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
