import type { LegendComponentOption } from 'echarts';
import { CHART_COLORS, FONT_FAMILY } from './chart-theme';

/** Pixels that a character takes in a wide sans-serif font of 12 pixels; no browser is there to measure it. */
const CHARACTER_WIDTH = 7;

const SWATCH_WIDTH = 20;
const SWATCH_GAP = 6;
const ITEM_GAP = 16;
const ROW_HEIGHT = 20;

/** Pixels between a legend in rows and the plot. */
const LEGEND_GAP = 6;

/** A legend beside the plot takes at most this share of the chart's width. */
const MAX_SIDE_SHARE = 0.4;

/** Legend swatch of a line without markers: the line alone, pattern included. */
export const LINE_SWATCH = { itemStyle: { opacity: 0 } } as const;

/** How a swatch looks where that does not follow from the series. */
export interface SwatchLook {
  icon?: string;
  itemStyle?: NonNullable<LegendComponentOption['itemStyle']>;
  lineStyle?: NonNullable<LegendComponentOption['lineStyle']>;
}

/** Name of the i-th series inside ECharts, so that equal labels stay apart and none is taken for markup. */
export function seriesName(i: number): string {
  return String(i);
}

/**
 * A legend in one column beside the plot. Labels that are too long lose their middle, never what follows them.
 *
 * @param labels of the series in order.
 * @param suffixes as many, such as `', AUC 0.912'`.
 * @returns the option without its place, and the pixels that it takes.
 */
export function sideLegend(labels: readonly string[], suffixes: readonly string[], chartWidth: number) {
  const room = Math.floor((chartWidth * MAX_SIDE_SHARE - SWATCH_WIDTH - SWATCH_GAP) / CHARACTER_WIDTH);
  const shown = labels.map((label, i) => {
    const suffix = suffixes[i] ?? '';
    return shorten(oneLine(label), room - suffix.length) + suffix;
  });
  const width = SWATCH_WIDTH + SWATCH_GAP + CHARACTER_WIDTH * longest(shown);
  const option = { ...legendOption(shown), orient: 'vertical' as const, itemGap: 9 };
  return { option, width, height: shown.length * ROW_HEIGHT };
}

/** Where a legend in rows stands, pixels, and its swatches. */
interface TopLegendPlace {
  left: number;
  top: number;
  width: number;
  swatch: (i: number) => SwatchLook;
}

/**
 * A legend in rows above the plot.
 *
 * @returns an ECharts legend for each row, and the pixels that they take.
 */
export function topLegend(
  labels: readonly string[],
  { left, top, width, swatch }: TopLegendPlace,
): { options: LegendComponentOption[]; height: number } {
  const shown = labels.map((label) => fitLabel(label, width - SWATCH_WIDTH - SWATCH_GAP));
  const rows: NonNullable<LegendComponentOption['data']>[] = [];
  let x = Infinity;
  shown.forEach((text, i) => {
    const itemWidth = SWATCH_WIDTH + SWATCH_GAP + labelWidth(text);
    if (x + itemWidth > width) {
      rows.push([]);
      x = 0;
    }
    x += itemWidth + ITEM_GAP;
    // without a background the renderer takes its own, narrower estimate for the width of the text
    const textStyle = { width: labelWidth(text), backgroundColor: 'transparent' };
    rows.at(-1)!.push({ ...swatch(i), name: seriesName(i), textStyle });
  });
  const base = { ...legendOption(shown), itemGap: ITEM_GAP, left };
  const options = rows.map((data, row) => ({ ...base, data, top: top + row * ROW_HEIGHT }));
  return { options, height: rows.length * ROW_HEIGHT + LEGEND_GAP };
}

function legendOption(shown: readonly string[]) {
  return {
    data: shown.map((_, i) => seriesName(i)),
    formatter: (name: string) => shown[Number(name)] ?? name,
    itemWidth: SWATCH_WIDTH,
    itemHeight: 9,
    padding: 0,
    selectedMode: false,
    inactiveColor: CHART_COLORS.axis,
    textStyle: { color: CHART_COLORS.ink, fontSize: 12, fontFamily: FONT_FAMILY },
  };
}

/** A label in one line that takes at most so many pixels; one that is too long loses its middle. */
export function fitLabel(label: string, width: number): string {
  return shorten(oneLine(label), Math.floor(width / CHARACTER_WIDTH));
}

/** Pixels that a label takes, by estimate. */
export function labelWidth(label: string): number {
  return CHARACTER_WIDTH * Array.from(oneLine(label)).length;
}

/** Both ends of a text of more than `nCharacters`, the ellipsis between them. */
function shorten(text: string, nCharacters: number): string {
  const characters = Array.from(text);
  const kept = Math.max(4, nCharacters) - 1;
  if (characters.length <= kept + 1) return text;
  const nStart = Math.ceil(kept / 2);
  return `${characters.slice(0, nStart).join('')}\u2026${characters.slice(nStart - kept).join('')}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => Array.from(text).length));
}
