import {
  checkNumber,
  checkOneOf,
  checkOptions,
  FINITE,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { EChartsOption } from 'echarts';
import { base64 } from './base64';
import { CHART_COLORS, FONT_FAMILY } from './chart-theme';
import type { ChartOptions } from './render-chart';
import { axisStyle, CHART_OPTIONS, checkSize, renderChart, titleOption, topMargin } from './render-chart';
import type { ColorScale, Spectrogram, SpectrogramImageOptions } from './spectrogram-image';
import { colorScale, drawSpectrogram, SPECTROGRAM_IMAGE_OPTIONS } from './spectrogram-image';

type BandScale = 'htk' | 'slaney' | 'linear';

/** A part of time and frequency that is outlined. */
export interface SpectrogramMark {
  /** Seconds from the start. */
  time: number;
  endTime: number;
  /** Hz. */
  fLow: number;
  fHigh: number;
}

/** Options of {@link spectrogramPlot}. */
export interface SpectrogramPlotOptions extends ChartOptions, SpectrogramImageOptions {
  /** Of the waveform, Hz. */
  sampleRate: number;
  /** Samples between frames. */
  hopLength: number;
  /** Lowest frequency of the mel bands, Hz. */
  fMin: number;
  /** Highest frequency of the mel bands, Hz. */
  fMax: number;
  /** How the bands are spaced. Default `'htk'`; `'linear'`: bands of equal width in Hz. */
  melScale?: BandScale;
  /** Outlined; what lies beyond the picture is cut off. */
  marks?: readonly SpectrogramMark[];
  /** Of the values, beside the colour bar. Default `'dB'` for decibels, none for `'linear'`. */
  unit?: string;
}

const OPTIONS: OptionNames<SpectrogramPlotOptions> = {
  ...CHART_OPTIONS,
  ...SPECTROGRAM_IMAGE_OPTIONS,
  sampleRate: true,
  hopLength: true,
  fMin: true,
  fMax: true,
  melScale: true,
  marks: true,
  unit: true,
};
const MARK: OptionNames<SpectrogramMark> = { time: true, endTime: true, fLow: true, fHigh: true };

const LEFT = 58;
const BAR_GAP = 12;
const BAR_WIDTH = 10;
const RIGHT = 72;
const BOTTOM = 48;

/** The plot itself keeps at least this side, pixels. */
const MIN_SIDE = 60;

const MAX_TIME_STEPS = 8;

/** Labelled where they lie within the bands, Hz. */
const TICKS = [50, 100, 200, 500, 1000, 2000, 4000, 8000, 16000, 32000];

/**
 * A mel spectrogram with axes and a colour scale: seconds to the right, hertz (on the bands' scale) upwards. The picture
 * inside is that of `spectrogramImage`, whose options apply.
 *
 * @returns SVG text with the picture as a data URI; `width` 640 and `height` 320 pixels by default.
 * @throws as `spectrogramImage`, and RangeError for frequencies, rates or lengths out of range.
 */
export function spectrogramPlot(spectrogram: Spectrogram, options: SpectrogramPlotOptions): string {
  checkOptions('report.spectrogramPlot', options, OPTIONS);
  const { sampleRate, hopLength, fMin, fMax, title, width = 640, height = 320 } = options;
  checkFrequencies(options);
  const marks = checkMarks(options.marks ?? []);
  checkSize(
    'spectrogramPlot',
    { title, width, height },
    { width: LEFT + RIGHT + MIN_SIDE, height: BOTTOM + MIN_SIDE },
  );
  const image = dataUri(drawSpectrogram(spectrogram, options));
  const top = topMargin(title);
  const plot = { width: width - LEFT - RIGHT, height: height - top - BOTTOM };
  const duration = (spectrogram.nFrames * hopLength) / sampleRate;
  const option: EChartsOption = {
    title: titleOption(title, width),
    grid: { left: LEFT, top, ...plot, outerBoundsMode: 'none' },
    graphic: [
      { type: 'image', left: LEFT, top, z: -1, silent: true, style: { image, ...plot } },
      ...marks.map((mark) =>
        outline(mark, { ...options, ...plot, left: LEFT, top, duration, nMels: spectrogram.nMels }),
      ),
      ...colorBar(
        { ...colorScale(spectrogram, options), ...(options.unit !== undefined && { unit: options.unit }) },
        options.colormap,
        {
          left: LEFT + plot.width,
          top,
          height: plot.height,
        },
      ),
    ],
    xAxis: timeAxis(duration),
    yAxis: frequencyAxis(spectrogram.nMels, options),
    series: [],
  };
  const label = `${title ?? 'Mel spectrogram'}: ${duration.toFixed(1)} s, ${fMin} to ${fMax} Hz`;
  const svg = renderChart(option, { width, height, label });
  // the pictures fill their frames exactly, whatever their own proportions, and their cells stay sharp
  return svg.replaceAll('<image ', '<image preserveAspectRatio="none" style="image-rendering:pixelated" ');
}

function checkFrequencies({ sampleRate, hopLength, fMin, fMax }: SpectrogramPlotOptions): void {
  checkNumber('report.spectrogramPlot: hopLength', hopLength, POSITIVE_COUNT);
  checkNumber('report.spectrogramPlot: fMin', fMin, FINITE);
  checkNumber('report.spectrogramPlot: fMax', fMax, FINITE);
  checkNumber('report.spectrogramPlot: sampleRate', sampleRate, FINITE);
  if (!(sampleRate > 0 && fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new RangeError(
      'report.spectrogramPlot: frequencies must satisfy 0 <= fMin < fMax <= sampleRate / 2, got ' +
        `fMin = ${fMin}, fMax = ${fMax}, sampleRate = ${sampleRate}.`,
    );
  }
}

function checkMarks(marks: readonly SpectrogramMark[]): readonly SpectrogramMark[] {
  for (const [i, mark] of marks.entries()) {
    const where = `report.spectrogramPlot: marks[${i}]`;
    checkOptions(where, mark, MARK);
    for (const key of ['time', 'endTime', 'fLow', 'fHigh'] as const) {
      checkNumber(`${where}.${key}`, mark[key], FINITE);
    }
    if (mark.time < mark.endTime && mark.fLow < mark.fHigh) continue;
    throw new RangeError(
      `${where} must end after it begins, in time and frequency, got ${mark.time} to ${mark.endTime} s, ${mark.fLow} to ${mark.fHigh} Hz.`,
    );
  }
  return marks;
}

/** White beside black: seen on any colour. */
function outline(
  { time, endTime, fLow, fHigh }: SpectrogramMark,
  plot: SpectrogramPlotOptions & {
    left: number;
    top: number;
    width: number;
    height: number;
    duration: number;
    nMels: number;
  },
) {
  const { toMel, min, max } = bandSpan(plot.nMels, plot);
  const within = (share: number) => Math.min(1, Math.max(0, share));
  const [x, endX] = [time, endTime].map((t) => plot.left + within(t / plot.duration) * plot.width);
  const [y, endY] = [fHigh, fLow].map(
    (hertz) => plot.top + within((max - toMel(Math.max(0, hertz))) / (max - min)) * plot.height,
  );
  const shape = { x: x!, y: y!, width: endX! - x!, height: endY! - y! };
  const line = (stroke: string, lineWidth: number) => ({
    type: 'rect' as const,
    silent: true,
    shape,
    style: { fill: 'none', stroke, lineWidth },
  });
  return { type: 'group' as const, children: [line('#000000', 4), line('#ffffff', 2)] };
}

/** Ends where the picture does, with ticks at round times alone. */
function timeAxis(duration: number) {
  const magnitude = 10 ** Math.floor(Math.log10(duration / MAX_TIME_STEPS));
  const step = [1, 2, 5, 10].map((k) => k * magnitude).find((size) => duration / size <= MAX_TIME_STEPS)!;
  const customValues = Array.from({ length: Math.floor(duration / step + 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(6)),
  );
  const style = axisStyle('Time (s)', 28);
  return {
    ...style,
    type: 'value' as const,
    min: 0,
    max: duration,
    splitLine: { show: false },
    axisTick: { ...style.axisTick, customValues },
    axisLabel: { ...style.axisLabel, customValues, formatter: String },
  };
}

/**
 * Band m of n is centred (m + 1) steps of (fMax - fMin) / (n + 1) mel above fMin, so n bands of equal height span the
 * axis from half a step above fMin to half a step below fMax.
 */
function bandSpan(nMels: number, { fMin, fMax, melScale = 'htk' }: SpectrogramPlotOptions) {
  const toMel = melConversion(
    checkOneOf('report.spectrogramPlot: melScale', melScale, ['htk', 'slaney', 'linear'] as const),
  );
  const halfStep = (toMel(fMax) - toMel(fMin)) / (nMels + 1) / 2;
  return { toMel, min: toMel(fMin) + halfStep, max: toMel(fMax) - halfStep };
}

function frequencyAxis(nMels: number, options: SpectrogramPlotOptions) {
  const { toMel, min, max } = bandSpan(nMels, options);
  const frequencies = new Map(TICKS.map((frequency) => [toMel(frequency), frequency]));
  const customValues = Array.from(frequencies.keys()).filter((mel) => mel >= min && mel <= max);
  const style = axisStyle('Frequency (Hz)', 42);
  const formatter = (mel: number) => String(frequencies.get(mel) ?? '');
  return {
    ...style,
    type: 'value' as const,
    min,
    max,
    splitLine: { show: false },
    axisTick: { ...style.axisTick, customValues },
    axisLabel: { ...style.axisLabel, customValues, formatter },
  };
}

/** The colours beside the plot, with the values of both ends. */
function colorBar(
  { unit, low, high }: Omit<ColorScale, 'unit'> & { unit: string },
  colormap: SpectrogramImageOptions['colormap'],
  plot: { left: number; top: number; height: number },
) {
  const ramp = { data: Float32Array.from({ length: 256 }, (_, i) => i), nMels: 256, nFrames: 1 };
  const image = dataUri(drawSpectrogram(ramp, { scale: 'linear', colormap }));
  const left = plot.left + BAR_GAP;
  const style = { image, width: BAR_WIDTH, height: plot.height };
  const text = (value: number, top: number, verticalAlign: 'top' | 'bottom') => ({
    type: 'text' as const,
    x: left + BAR_WIDTH + 5,
    y: top,
    silent: true,
    style: {
      text: `${Number(value.toPrecision(3))} ${unit}`.trim().replace('-', '\u2212'),
      fill: CHART_COLORS.mutedInk,
      font: `11px ${FONT_FAMILY}`,
      verticalAlign,
    },
  });
  return [
    { type: 'image' as const, left, top: plot.top, silent: true, style },
    text(high, plot.top, 'top'),
    text(low, plot.top + plot.height, 'bottom'),
  ];
}

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${base64(png)}`;
}

/** Hertz to the bands' scale: HTK's 2595 log10(1 + f / 700), or Slaney's linear scale that turns logarithmic at 1 kHz; or hertz as they are. */
function melConversion(melScale: BandScale): (frequency: number) => number {
  if (melScale === 'linear') return (frequency) => frequency;
  if (melScale === 'htk') return (frequency) => 2595 * Math.log10(1 + frequency / 700);
  return (frequency) =>
    frequency < 1000 ? (3 * frequency) / 200 : 15 + (27 * Math.log(frequency / 1000)) / Math.log(6.4);
}
