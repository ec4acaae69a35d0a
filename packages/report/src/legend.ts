import { CHART_COLORS, FONT_FAMILY } from './chart-theme';

/** Pixels that a character takes in a wide sans-serif font of 12 pixels; no browser is there to measure it. */
const CHARACTER_WIDTH = 7;

const SWATCH_WIDTH = 20;
const SWATCH_GAP = 6;
const ITEM_GAP = 16;
const ROW_HEIGHT = 20;

/** A legend beside the plot takes at most this share of the chart's width. */
const MAX_SIDE_SHARE = 0.4;

/** Legend swatch of a line without markers: the line alone, pattern included. */
export const LINE_SWATCH = { itemStyle: { opacity: 0 } } as const;

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

/**
 * A legend in rows above the plot, its items in columns of equal width.
 *
 * @param width pixels there are.
 * @returns the option without its place, and the pixels that its rows take.
 */
export function topLegend(labels: readonly string[], width: number) {
  const room = Math.floor((width - SWATCH_WIDTH - SWATCH_GAP) / CHARACTER_WIDTH);
  const shown = labels.map((label) => shorten(oneLine(label), room));
  const textWidth = CHARACTER_WIDTH * longest(shown);
  const itemWidth = SWATCH_WIDTH + SWATCH_GAP + textWidth + ITEM_GAP;
  const perRow = Math.max(1, Math.floor((width + ITEM_GAP) / itemWidth));
  const base = legendOption(shown);
  const option = { ...base, itemGap: ITEM_GAP, width, textStyle: { ...base.textStyle, width: textWidth } };
  return { option, height: Math.ceil(shown.length / perRow) * (ROW_HEIGHT + 6) };
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
