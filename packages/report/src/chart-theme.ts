/** Colours of charts. The HTML report finds them in the SVG by value and swaps them in dark mode. */
export const CHART_COLORS = {
  ink: '#333b49',
  mutedInk: '#5d6675',
  axis: '#9aa3b2',
  grid: '#e4e8ee',
  shade: '#f0c36d',
} as const;

/**
 * Series colours. Any two are at least 13 CIELAB units apart, simulated protan, deutan and tritan vision included
 * (method: Machado, Oliveira, Fernandes, IEEE TVCG 15, 2009). From the eighth series on the line pattern changes too.
 */
export const SERIES_COLORS = [
  '#1f5fc4',
  '#e06a00',
  '#0f9d7a',
  '#b83c90',
  '#45a8e6',
  '#5f3418',
  '#9da6b3',
] as const;

/** What stands in for a colour on a dark page. */
export const DARK_COLORS: Readonly<Record<string, string>> = {
  [CHART_COLORS.ink]: '#dfe4ec',
  [CHART_COLORS.mutedInk]: '#a4adbb',
  [CHART_COLORS.axis]: '#737d8d',
  [CHART_COLORS.grid]: '#2b323d',
  [CHART_COLORS.shade]: '#c99a3c',
  '#1f5fc4': '#4d86ea',
  '#e06a00': '#f0852d',
  '#0f9d7a': '#17ad88',
  '#b83c90': '#d05fae',
  '#45a8e6': '#8fd3ff',
  '#5f3418': '#f3e3cf',
  '#9da6b3': '#a6aebb',
};

/** Normal and anomalous scores keep these colours in every chart. */
export const CLASS_COLORS = { normal: SERIES_COLORS[0], anomalous: SERIES_COLORS[1] } as const;

export const FONT_FAMILY = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Colour of the i-th series; the palette repeats and the line pattern changes with each round. */
export function seriesColor(i: number): string {
  return SERIES_COLORS[i % SERIES_COLORS.length] as string;
}

/** How often the palette has been used up before the i-th series. */
export function seriesRound(i: number): number {
  return Math.floor(i / SERIES_COLORS.length);
}

/** Line pattern of the i-th series. */
export function seriesDash(i: number): 'solid' | 'dashed' | 'dotted' {
  const patterns = ['solid', 'dashed', 'dotted'] as const;
  return patterns[seriesRound(i) % patterns.length]!;
}
