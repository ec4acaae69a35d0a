import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import type { Pixel } from './chart-shapes';
import { whisker } from './chart-shapes';
import { seriesColor, seriesDash } from './chart-theme';
import { seriesName } from './legend';
import { thinLine } from './thin-line';

const POINT_SIZE = 5;
const MARK_POINT_SIZE = 8;

/** Dashes of the lines of marks. */
export const MARK_LINE = { width: 1.25, type: 'dashed' } as const;

const CAP_SIZE = 7;
const BAND_OPACITY = 0.18;

/** A line that has been read and checked; places on a category axis are 0, 1, 2 ... */
export interface Line {
  x: number[];
  y: (number | null)[];
  errors: (number | null)[];
  marks: (number | null)[];
  axis: 'left' | 'right';
}

/** How lines are drawn. */
interface LineStyle {
  showPoints: boolean | undefined;
  errorStyle: 'whiskers' | 'band' | undefined;
  /** Pixels that the plot is wide, and whether x is drawn on a logarithmic axis. */
  raster: { nColumns: number; isLog: boolean };
}

/** A line of at most so many points shows where they are; a longer one would only get thick. */
const MAX_MARKED_POINTS = 40;

/** ECharts series of the i-th line: its error bars or band below it. */
export function lineSeries(
  line: Line,
  i: number,
  { showPoints, errorStyle, raster }: LineStyle,
): (CustomSeriesOption | LineSeriesOption)[] {
  const { x, y, axis } = line;
  const color = seriesColor(i);
  const hasPoints = showPoints ?? x.length <= MAX_MARKED_POINTS;
  const isWhole = y.every((value) => value !== null);
  const points = x.map((place, j): [number, number | null] => [place, y[j]!]);
  const main: LineSeriesOption = {
    type: 'line',
    name: seriesName(i),
    yAxisIndex: axisIndex(line),
    data: isWhole ? thinLine(points as [number, number][], raster) : points,
    showSymbol: hasPoints,
    showAllSymbol: true, // a category axis would leave some out
    symbol: 'circle',
    symbolSize: POINT_SIZE,
    color,
    itemStyle: { color, borderWidth: 0 },
    lineStyle: { width: 2, color, type: axis === 'right' ? ('dashed' as const) : seriesDash(i) },
  };
  const style = errorStyle ?? (hasPoints ? 'whiskers' : 'band');
  const errors = errorRuns(line).map((run) => {
    // a band around a single point would have no width
    const shapes = style === 'band' && run.length > 1 ? errorBand(run, color, raster) : errorBars(run, color);
    return { ...shapes, yAxisIndex: axisIndex(line) }; // without a name: the legend shows the line
  });
  return [...errors, main];
}

/** ECharts series of the marks of the i-th line, which share its colour. */
export function markSeries(line: Line, i: number, name: string): LineSeriesOption {
  const color = seriesColor(i);
  return {
    type: 'line',
    name,
    yAxisIndex: axisIndex(line),
    data: line.x.map((place, j): [number, number | null] => [place, line.marks[j]!]),
    connectNulls: true,
    symbol: 'diamond',
    symbolSize: MARK_POINT_SIZE,
    color,
    itemStyle: { color, borderWidth: 0 },
    lineStyle: { ...MARK_LINE, color },
  };
}

/** Whether a line has marks to draw. */
export function hasMarks({ marks }: Line): boolean {
  return marks.some((mark) => mark !== null);
}

/** Every y that is drawn. */
export function drawnValues({ y, errors, marks }: Line): number[] {
  const ends = y.flatMap((value, j) => {
    const error = errors[j]!;
    if (value === null) return [];
    return error === null ? [value] : [value - error, value, value + error];
  });
  return [...ends, ...marks.filter((mark) => mark !== null)];
}

function axisIndex({ axis }: Line): 0 | 1 {
  return axis === 'left' ? 0 : 1;
}

interface ErrorBar {
  x: number;
  low: number;
  high: number;
}

/** Stretches of points that follow each other and have errors. */
function errorRuns({ x, y, errors }: Line): ErrorBar[][] {
  const runs: ErrorBar[][] = [];
  let isOpen = false;
  x.forEach((place, j) => {
    const value = y[j]!;
    const error = errors[j]!;
    const isThere = value !== null && error !== null;
    if (isThere) {
      if (!isOpen) runs.push([]);
      runs.at(-1)!.push({ x: place, low: value - error, high: value + error });
    }
    isOpen = isThere;
  });
  return runs;
}

function errorBars(run: ErrorBar[], color: string): CustomSeriesOption {
  return {
    type: 'custom',
    progressive: 0, // all in one pass
    data: run.map(({ x, low, high }) => [x, low, high]),
    encode: { x: 0, y: [1, 2] },
    renderItem: ({ dataIndex }, api) => {
      const { x, low, high } = run[dataIndex]!;
      const end = (y: number) => ({ at: api.coord([x, y]) as [number, number] as Pixel, hasCap: true });
      return { type: 'group', children: whisker([end(low), end(high)], CAP_SIZE, color) };
    },
  };
}

function errorBand(run: ErrorBar[], color: string, raster: LineStyle['raster']): CustomSeriesOption {
  const upper = thinLine(
    run.map(({ x, high }): [number, number] => [x, high]),
    raster,
  );
  const lower = thinLine(
    run.map(({ x, low }): [number, number] => [x, low]),
    raster,
  );
  const outline = [...upper, ...lower.reverse()];
  return {
    type: 'custom',
    progressive: 0,
    data: outline,
    encode: { x: 0, y: 1 },
    renderItem: ({ dataIndex }, api) =>
      dataIndex > 0
        ? null
        : {
            type: 'polygon',
            shape: { points: outline.map((point) => api.coord(point) as number[]) },
            style: { fill: color, fillOpacity: BAND_OPACITY },
          },
  };
}
