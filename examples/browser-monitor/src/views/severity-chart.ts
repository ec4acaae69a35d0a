import uPlot from 'uplot';
import { el } from '../dom';
import { formatClock, TEXTS } from '../texts';
import { colorOf } from '../theme';
import type { SoundEvent, WindowScore } from '../worker/protocol';
import { LEFT, RIGHT, TIME_GAP } from './mel-picture';

const THRESHOLD_SEVERITY = 50;
/** Room above the highest score, where there is no severity. */
const HEADROOM = 1.3;

export interface ChartScale {
  hasSeverity: boolean;
  /** Of raw scores. */
  threshold: number;
}

/** Severity over time with the threshold and the band of alarms; raw scores where the model has no severity. */
export class SeverityChart {
  readonly root = el('div', { class: 'chart', role: 'img' });
  #plot: uPlot | null = null;
  #scale: ChartScale = { hasSeverity: true, threshold: 0 };
  #windows: WindowScore[] = [];
  #events: SoundEvent[] = [];
  #range: [number, number] = [0, 30];
  #isDue = false;

  constructor() {
    new ResizeObserver(() => this.#resize()).observe(this.root);
    this.#label();
  }

  /** Forgets what was drawn. */
  clear(scale: ChartScale): void {
    this.#scale = scale;
    this.#windows = [];
    this.#events = [];
    this.rebuild();
  }

  add(score: WindowScore): void {
    this.#windows.push(score);
    // Of a day nothing but what is seen, and one window before it, where the line comes from.
    while (this.#windows.length > 2 && this.#windows[1]!.endTime < this.#range[0]) this.#windows.shift();
    this.#label();
    this.#draw();
  }

  set(windows: WindowScore[], events: SoundEvent[]): void {
    this.#windows = windows;
    this.#events = events;
    this.#label();
    this.#draw();
  }

  showEvents(events: SoundEvent[]): void {
    this.#events = events;
    this.#draw();
  }

  showTimes(from: number, to: number): void {
    if (this.#range[0] === from && this.#range[1] === to) return;
    this.#range = [from, to];
    this.#draw();
  }

  valueOf({ severity, anomalyScore }: WindowScore): number {
    return this.#scale.hasSeverity ? (severity ?? 0) : anomalyScore;
  }

  /** Also after a change of colours. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#label();
    this.#resize();
  }

  get #threshold(): number {
    return this.#scale.hasSeverity ? THRESHOLD_SEVERITY : this.#scale.threshold;
  }

  #draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#plot?.setData(this.#data());
    });
  }

  #data(): uPlot.AlignedData {
    return [this.#windows.map(({ endTime }) => endTime), this.#windows.map((each) => this.valueOf(each))];
  }

  #label(): void {
    const last = this.#windows.at(-1);
    const { live } = TEXTS;
    const state = last?.isAnomaly ? live.above : live.normal;
    const text = last === undefined ? live.chartNone : live.chartLast(this.valueOf(last).toFixed(0), state);
    this.root.setAttribute('aria-label', live.chartLabel(text));
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0) return;
    if (this.#plot === null) this.#plot = new uPlot(this.#options(width, height), this.#data(), this.root);
    else this.#plot.setSize({ width, height });
  }

  #options(width: number, height: number): uPlot.Options {
    const muted = colorOf('muted');
    const axis = {
      stroke: muted,
      font: '11px system-ui, sans-serif',
      ticks: { show: false },
      grid: { stroke: colorOf('line'), width: 1 },
    };
    const line = colorOf('accent');
    return {
      ...{ width, height },
      legend: { show: false },
      cursor: { show: false },
      padding: [8, RIGHT, 0, 0],
      scales: {
        x: { time: false, range: () => this.#range },
        y: {
          range: (_, __, max) => [
            0,
            this.#scale.hasSeverity ? 100 : HEADROOM * Math.max(max, this.#threshold),
          ],
        },
      },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: TIME_GAP,
          incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
          values: (_, ticks) => ticks.map((time) => (time < 0 ? '' : formatClock(time))),
        },
        {
          ...axis,
          size: LEFT,
          gap: 6,
          ...(this.#scale.hasSeverity && { splits: () => [0, 25, 50, 75, 100] }),
        },
      ],
      series: [
        {},
        {
          stroke: line,
          width: 2.5,
          points: { show: true, size: 5, fill: line },
          fill: colorOf('accent-faint'),
        },
      ],
      hooks: { drawClear: [(plot) => this.#drawBand(plot)], draw: [(plot) => this.#drawThreshold(plot)] },
    };
  }

  /** Behind the line: where alarms are, and when there were some. */
  #drawBand(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const y = plot.valToPos(this.#threshold, 'y', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colorOf('alarm-faint');
    ctx.fillRect(bbox.left, bbox.top, bbox.width, y - bbox.top);
    ctx.fillStyle = colorOf('alarm-soft');
    for (const { time, endTime } of this.#events) {
      if (endTime < this.#range[0]) continue;
      const [left, right] = [plot.valToPos(time, 'x', true), plot.valToPos(endTime, 'x', true)];
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.restore();
  }

  #drawThreshold(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const y = plot.valToPos(this.#threshold, 'y', true);
    ctx.save();
    ctx.strokeStyle = colorOf('alarm');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillStyle = colorOf('alarm');
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    ctx.fillText(TEXTS.live.thresholdLine, bbox.left + bbox.width - 6 * devicePixelRatio, y - 3);
    ctx.restore();
  }
}
