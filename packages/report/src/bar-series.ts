import type { CustomSeriesOption } from 'echarts';
import type { Pixel, RenderItem } from './chart-shapes';
import { centeredText, diamond, whisker } from './chart-shapes';
import { CHART_COLORS, seriesColor, seriesDash, seriesRound } from './chart-theme';
import { MISSING } from './format-cell';
import { seriesName } from './legend';

/** Share of a category's room that its bars fill. */
export const GROUP_SHARE = 0.82;

/** Free pixels between the bars of a group, and between a plot's edge and the dash of a missing value. */
const BAR_GAP = 1;
const DASH_GAP = 7;

const MAX_CAP = 9;
const FILL_OPACITY = 0.8;
const HOLLOW_WIDTH = 1.5;

/** The bars of one series: one entry a category, null where there is none. */
export interface Bars {
  values: (number | null)[];
  errors: (number | null)[];
  marks: (number | null)[];
}

interface Placement {
  /** Index of the series, and how many there are. */
  i: number;
  nSeries: number;
  isVertical: boolean;
  range: readonly [number, number] | undefined;
}

/** ECharts series of bars, with their error bars and marks. */
export function barSeries(bars: Bars, placement: Placement): CustomSeriesOption {
  const { values, errors, marks } = bars;
  const data = values.map((value, j) => {
    const error = value === null ? null : errors[j]!;
    const ends = error === null ? [null, null] : [value! - error, value! + error];
    return [j, value, ...ends, marks[j]].map((entry) => entry ?? Number.NaN);
  });
  const valueDimensions = [1, 2, 3, 4];
  return {
    type: 'custom',
    name: seriesName(placement.i),
    data,
    encode: placement.isVertical ? { x: 0, y: valueDimensions } : { x: valueDimensions, y: 0 },
    renderItem: renderBar(bars, placement),
  };
}

/** Look of the bars of the i-th series: the palette's second round is hollow, its third hollow and dashed. */
export function barStyle(i: number) {
  const color = seriesColor(i);
  const isHollow = seriesRound(i) > 0;
  return {
    fill: isHollow ? 'none' : color,
    // error bars stay visible on the darkest colour
    fillOpacity: isHollow ? 1 : FILL_OPACITY,
    stroke: color,
    lineWidth: isHollow ? HOLLOW_WIDTH : 1,
    lineDash: seriesDash(i),
  };
}

function renderBar(
  { values, errors, marks }: Bars,
  { i, nSeries, isVertical, range }: Placement,
): RenderItem {
  const [low, high] = range ?? [-Infinity, Infinity];
  const base = Math.min(Math.max(0, low), high);
  return ({ dataIndex: j }, api) => {
    const at = (value: number, across: number): Pixel => {
      const [x, y] = api.coord(isVertical ? [j, value] : [value, j]) as [number, number];
      return isVertical ? [x + across, y] : [x, y + across];
    };
    const size = api.size!([1, 1]) as number[];
    const slot = ((isVertical ? size[0]! : size[1]!) * GROUP_SHARE) / nSeries;
    const middle = (i - (nSeries - 1) / 2) * slot;
    const half = Math.max(slot - BAR_GAP, 1) / 2;
    const children = [];
    const value = values[j]!;
    const error = errors[j]!;
    const mark = marks[j]!;
    if (value === null) {
      const [x, y] = at(base, middle);
      children.push(centeredText(MISSING, isVertical ? [x, y - DASH_GAP] : [x + DASH_GAP, y]));
    } else {
      children.push(rectangle(at(base, middle - half), at(value, middle + half), barStyle(i)));
    }
    if (value !== null && error !== null) {
      const end = (to: number) => ({
        at: at(Math.min(Math.max(to, low), high), middle),
        hasCap: to >= low && to <= high,
      });
      children.push(
        ...whisker([end(value - error), end(value + error)], Math.min(MAX_CAP, half), CHART_COLORS.ink),
      );
    }
    if (mark !== null) children.push(diamond(at(mark, middle)));
    return { type: 'group', children };
  };
}

function rectangle([x0, y0]: Pixel, [x1, y1]: Pixel, style: ReturnType<typeof barStyle>) {
  const shape = {
    x: Math.min(x0, x1),
    y: Math.min(y0, y1),
    width: Math.abs(x1 - x0),
    height: Math.abs(y1 - y0),
  };
  return { type: 'rect' as const, shape, style };
}
