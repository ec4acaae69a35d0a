import { hzToMel } from '@serial-oe/audio-features';
import { colormap } from '@serial-oe/report';
import { formatClock } from '../texts';
import { colorOf } from '../theme';
import type { MelFacts } from '../worker/protocol';

/** dB from the darkest to the brightest colour. */
const RANGE_DB = 65;
/** The brightest colour is at least this loud, so that silence stays dark. */
const MIN_HIGH_DB = -60;
const FREQUENCIES = [125, 250, 500, 1000, 2000, 4000, 8000, 16_000];
/** Room for the labels, CSS pixels; charts beside it take the same. */
export const LEFT = 44;
export const RIGHT = 14;
const BOTTOM = 20;
const MIN_LABEL_GAP = 16;
/** From one label of time to the next, at least; charts beside it take the same. */
export const TIME_GAP = 70;
/** Up to that a sound is told in seconds, above it as a clock. */
const MAX_SHORT_SECONDS = 10;
const COLORS = colormap('magma');

/** A part of the picture. */
export interface Marked {
  time: number;
  endTime: number;
  fLow: number;
  fHigh: number;
}

export interface MelPicture {
  /** `[nFrames, nMels]` dB. */
  columns: Float32Array;
  nFrames: number;
  facts: MelFacts;
  /** Of the first column, seconds. */
  startTime: number;
  /** What the picture shows, seconds. */
  from: number;
  to: number;
  mark?: Marked | undefined;
}

/** Draws a mel spectrogram with its axes into a canvas of any size. */
export function drawMel(canvas: HTMLCanvasElement, picture: MelPicture): void {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0 || height === 0) return;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const area = { x: LEFT, y: 0, width: width - LEFT - RIGHT, height: height - BOTTOM };
  context.fillStyle = colorOf('raised');
  context.fillRect(area.x, area.y, area.width, area.height);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  drawColumns(context, picture, area);
  if (picture.mark !== undefined) outline(context, { picture, area, mark: picture.mark });
  context.restore();
  drawAxes(context, picture, area);
}

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

function drawColumns(context: CanvasRenderingContext2D, picture: MelPicture, area: Area): void {
  const { columns, nFrames, facts, startTime, from, to } = picture;
  if (nFrames === 0) return;
  const { nMels, hopLength, sampleRate } = facts;
  let high = MIN_HIGH_DB;
  for (let i = 0; i < nFrames * nMels; i++) if (columns[i]! > high) high = columns[i]!;
  const pixels = new ImageData(nFrames, nMels);
  for (let frame = 0; frame < nFrames; frame++) {
    for (let band = 0; band < nMels; band++) {
      const share = 1 + (columns[frame * nMels + band]! - high) / RANGE_DB;
      const color = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
      const at = 4 * ((nMels - 1 - band) * nFrames + frame);
      pixels.data[at] = COLORS[color]!;
      pixels.data[at + 1] = COLORS[color + 1]!;
      pixels.data[at + 2] = COLORS[color + 2]!;
      pixels.data[at + 3] = 255;
    }
  }
  const small = new OffscreenCanvas(nFrames, nMels);
  small.getContext('2d')!.putImageData(pixels, 0, 0);
  const scale = area.width / (to - from);
  const x = area.x + (startTime - from) * scale;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, area.y, ((nFrames * hopLength) / sampleRate) * scale, area.height);
}

function outline(
  context: CanvasRenderingContext2D,
  { picture, area, mark }: { picture: MelPicture; area: Area; mark: Marked },
): void {
  const { from, to, facts } = picture;
  const x = (time: number) => area.x + ((time - from) / (to - from)) * area.width;
  const y = (hertz: number) => area.y + area.height * (1 - melShare(hertz, facts));
  const [left, top] = [x(mark.time), y(mark.fHigh)];
  const [w, h] = [x(mark.endTime) - left, y(mark.fLow) - top];
  for (const [color, lineWidth] of [['#000', 5] as const, ['#5eead4', 2.5] as const]) {
    context.strokeStyle = color;
    context.lineWidth = lineWidth;
    context.strokeRect(left + 2, top + 2, Math.max(2, w - 4), Math.max(2, h - 4));
  }
}

/** Height of a frequency, 0 to 1. */
function melShare(hertz: number, { fMin, fMax }: MelFacts): number {
  const [low, high] = [hzToMel(fMin, 'htk'), hzToMel(fMax, 'htk')];
  return Math.min(1, Math.max(0, (hzToMel(hertz, 'htk') - low) / (high - low)));
}

function drawAxes(context: CanvasRenderingContext2D, { from, to, facts }: MelPicture, area: Area): void {
  context.fillStyle = colorOf('muted');
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  let last = Number.POSITIVE_INFINITY;
  for (const hertz of FREQUENCIES) {
    if (hertz < facts.fMin || hertz > facts.fMax * 1.05) continue;
    const y = Math.max(7, area.y + area.height * (1 - melShare(hertz, facts)));
    if (last - y < MIN_LABEL_GAP) continue;
    context.fillText(hertz >= 1000 ? `${hertz / 1000} kHz` : String(hertz), LEFT - 6, y);
    last = y;
  }
  context.textAlign = 'center';
  const step = timeStep((to - from) / Math.max(2, area.width / TIME_GAP));
  for (let time = Math.max(0, Math.ceil(from / step) * step); time <= to; time += step) {
    const x = area.x + ((time - from) / (to - from)) * area.width;
    const short = step < 1 ? `${time.toFixed(1)} s` : `${Math.round(time)} s`;
    const text = to - from > MAX_SHORT_SECONDS ? formatClock(time) : short; // as the chart below it
    if (x < area.x + 8) continue;
    context.fillText(text, x, area.height + BOTTOM / 2 + 2);
  }
}

/** A round number of seconds of at least that. */
function timeStep(least: number): number {
  return [0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((step) => step >= least) ?? 1200;
}

/** `[nMels, nFrames]` as `[nFrames, nMels]`. */
export function byFrame(data: Float32Array, nMels: number, nFrames: number): Float32Array {
  const turned = new Float32Array(data.length);
  for (let band = 0; band < nMels; band++) {
    for (let frame = 0; frame < nFrames; frame++)
      turned[frame * nMels + band] = data[band * nFrames + frame]!;
  }
  return turned;
}
