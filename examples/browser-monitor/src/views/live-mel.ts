import { el } from '../dom';
import { TEXTS } from '../texts';
import type { MelFacts } from '../worker/protocol';
import { drawMel } from './mel-picture';

/** Seconds that are seen at once. */
export const SHOWN_SECONDS = 30;

/** What the model hears, rolling. */
export class LiveMel {
  readonly canvas = el('canvas', {
    class: 'mel',
    role: 'img',
    'aria-label': TEXTS.live.melLabel(SHOWN_SECONDS),
  });
  #facts: MelFacts | null = null;
  /** `[nFrames, nMels]`, room for twice what is shown. */
  #columns = new Float32Array(0);
  #nFrames = 0;
  #capacity = 0;
  #endTime = 0;
  #isDue = false;

  constructor() {
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  clear(facts: MelFacts): void {
    this.#facts = facts;
    this.#capacity = Math.ceil((SHOWN_SECONDS * facts.sampleRate) / facts.hopLength) + 1;
    this.#columns = new Float32Array(2 * this.#capacity * facts.nMels);
    this.#nFrames = 0;
    this.#endTime = 0;
    this.draw();
  }

  push(columns: Float32Array, endTime: number): void {
    const { nMels } = this.#facts!;
    const n = columns.length / nMels;
    if (this.#nFrames + n > 2 * this.#capacity) {
      const kept = Math.max(0, Math.min(this.#nFrames, this.#capacity - n));
      this.#columns.copyWithin(0, (this.#nFrames - kept) * nMels, this.#nFrames * nMels);
      this.#nFrames = kept;
    }
    const fitting = columns.subarray(Math.max(0, n - 2 * this.#capacity) * nMels);
    this.#columns.set(fitting, this.#nFrames * nMels);
    this.#nFrames += fitting.length / nMels;
    this.#endTime = endTime;
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.draw();
    });
  }

  draw(): void {
    const facts = this.#facts ?? { sampleRate: 16_000, hopLength: 512, nMels: 64, fMin: 50, fMax: 7800 };
    const nFrames = Math.min(this.#nFrames, this.#capacity);
    const first = (this.#nFrames - nFrames) * facts.nMels;
    const to = Math.max(SHOWN_SECONDS, this.#endTime);
    drawMel(this.canvas, {
      columns: this.#columns.subarray(first, this.#nFrames * facts.nMels),
      ...{ nFrames, facts, from: to - SHOWN_SECONDS, to },
      startTime: this.#endTime - (nFrames * facts.hopLength) / facts.sampleRate,
    });
  }
}
