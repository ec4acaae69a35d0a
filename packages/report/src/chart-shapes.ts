import type { CustomSeriesOption } from 'echarts';
import { CHART_COLORS, FONT_FAMILY } from './chart-theme';

/** Draws one item of an ECharts custom series. */
export type RenderItem = NonNullable<CustomSeriesOption['renderItem']>;

/** A place in the drawing, pixels. */
export type Pixel = readonly [x: number, y: number];

/** Diameter of a mark, pixels. */
export const MARK_SIZE = 9;

const MARK_STYLE = { fill: CHART_COLORS.shade, stroke: CHART_COLORS.ink, lineWidth: 1 };

const WHISKER_WIDTH = 1.25;

/** An end of an error bar; without a cap the bar goes on beyond the plot. */
interface WhiskerEnd {
  at: Pixel;
  hasCap: boolean;
}

/** An upright or level error bar. */
export function whisker(ends: readonly [WhiskerEnd, WhiskerEnd], capSize: number, color: string) {
  const isUpright = ends[0].at[0] === ends[1].at[0];
  const [dx, dy] = isUpright ? [capSize / 2, 0] : [0, capSize / 2];
  const caps = ends
    .filter(({ hasCap }) => hasCap)
    .map(({ at: [x, y] }) => [
      [x - dx, y - dy],
      [x + dx, y + dy],
    ]);
  return [ends.map(({ at }) => [...at]), ...caps].map((points) => ({
    type: 'polyline' as const,
    shape: { points },
    style: { stroke: color, lineWidth: WHISKER_WIDTH, fill: 'none' },
    z2: 2,
  }));
}

/** A figure to compare with: a diamond. */
export function diamond([x, y]: Pixel) {
  const half = MARK_SIZE / 2;
  const points = [
    [x, y - half],
    [x + half, y],
    [x, y + half],
    [x - half, y],
  ];
  return { type: 'polygon' as const, shape: { points }, style: MARK_STYLE, z2: 3 };
}

/** Legend swatch of the diamonds. */
export const MARK_SWATCH = {
  icon: 'diamond',
  itemStyle: {
    color: MARK_STYLE.fill,
    borderColor: MARK_STYLE.stroke,
    borderWidth: MARK_STYLE.lineWidth,
    opacity: 1,
  },
};

/** Text in the middle of a place. */
export function centeredText(text: string, [x, y]: Pixel) {
  const font = `11px ${FONT_FAMILY}`;
  const style = { text, x, y, align: 'center' as const, verticalAlign: 'middle' as const, font };
  return { type: 'text' as const, style: { ...style, fill: CHART_COLORS.mutedInk } };
}
