import { StreamResampler } from '@serial-oe/audio-features';
import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  checkNumber,
  checkOptions,
  FINITE,
  type OptionNames,
} from '@serial-oe/foundation';
import type { ClipScore, ClipScorer } from '@serial-oe/runtime/contract';
import { SampleBuffer } from './sample-buffer';

export interface StreamScorerOptions {
  /** Which machine is heard; may be left out where the scorer knows only one. */
  machineId?: string | undefined;
  /** Its type; for a system whose training covers all types. */
  machineType?: string | undefined;
  /**
   * Sound that is scored at once, at least one chunk of the scorer. Default: as long as the clips that it was trained on
   * (`input.clipSeconds`), since that is what its threshold is for; one chunk where it does not say.
   */
  windowSeconds?: number | undefined;
  /** From one window's start to the next's. Default: half a window. */
  hopSeconds?: number | undefined;
  /** Sound that may wait to be scored beyond one window; default 30. Of what is more, the oldest windows are dropped and counted. */
  maxPendingSeconds?: number | undefined;
  /** Sound that is kept after it was scored, for {@link StreamScorer.recent}; default 0. */
  historySeconds?: number | undefined;
  /** What the time of the first sample is called, seconds, such as Unix time; default 0. */
  startTime?: number | undefined;
  /**
   * Runs one scoring at its turn; for several streams on one processor. Default: at once.
   * @see fairTurns
   */
  turn?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
}

const OPTIONS: OptionNames<StreamScorerOptions> = {
  machineId: true,
  machineType: true,
  windowSeconds: true,
  hopSeconds: true,
  maxPendingSeconds: true,
  historySeconds: true,
  startTime: true,
  turn: true,
};

const DEFAULT_PENDING_SECONDS = 30;

/** The verdict on one window of a stream. */
export interface StreamScore extends ClipScore {
  /** Start and end of the window, seconds, counted from `startTime`. */
  time: number;
  endTime: number;
  /** Windows that were dropped so far because scoring did not keep up. */
  nDropped: number;
  /** What the scoring took, without waiting for its turn. */
  scoringSeconds: number;
}

/**
 * Scores a stream: PCM goes in by {@link push} in pieces of any size, and a score comes out every hop, by `for await`. A window's score
 * is what the scorer says of a file with that sound. Memory is bounded: where scoring does not keep up, the oldest windows are dropped and
 * counted in `nDropped`; the latest sound is never late by more than `maxPendingSeconds` and a window.
 *
 * A stream that ends within its first window is scored as a whole, if it is a chunk long.
 *
 * @example
 * const stream = new StreamScorer(scorer, { machineId: '00', hopSeconds: 1 });
 * microphone.on('data', (samples) => stream.push(samples, 48000));
 * for await (const { time, anomalyScore, isAnomaly } of stream) console.log(time, anomalyScore, isAnomaly);
 */
export class StreamScorer implements AsyncIterable<StreamScore> {
  readonly windowSeconds: number;
  readonly hopSeconds: number;
  readonly #scorer: ClipScorer;
  readonly #options: StreamScorerOptions;
  readonly #sampleRate: number;
  readonly #windowLength: number;
  readonly #hopLength: number;
  readonly #maxPending: number;
  readonly #buffer = new SampleBuffer();
  #resampler: StreamResampler | null = null;
  /** Start of the next window, samples of the scorer's rate. */
  #next = 0;
  #nDropped = 0;
  #nScored = 0;
  #isClosed = false;
  #wake: (() => void) | null = null;
  #onTaken: (() => void)[] = [];
  #isIterated = false;

  /** @throws RangeError or TypeError naming the option */
  constructor(scorer: ClipScorer, options: StreamScorerOptions = {}) {
    const where = 'monitor.StreamScorer';
    checkOptions(where, options, OPTIONS);
    const { sampleRate, chunkSeconds, clipSeconds = chunkSeconds } = scorer.input;
    const { windowSeconds = Math.max(clipSeconds, chunkSeconds) } = options;
    const { hopSeconds = windowSeconds / 2, maxPendingSeconds = DEFAULT_PENDING_SECONDS } = options;
    checkNumber(`${where}: hopSeconds`, hopSeconds, ABOVE_ZERO);
    checkNumber(`${where}: maxPendingSeconds`, maxPendingSeconds, AT_LEAST_ZERO);
    checkNumber(`${where}: historySeconds`, options.historySeconds ?? 0, AT_LEAST_ZERO);
    checkNumber(`${where}: startTime`, options.startTime ?? 0, FINITE);
    checkNumber(`${where}: windowSeconds`, windowSeconds, {
      isValid: (seconds) => Number.isFinite(seconds) && seconds >= chunkSeconds,
      rule: `be at least one chunk of the scorer, ${chunkSeconds} s`,
    });
    this.windowSeconds = windowSeconds;
    this.hopSeconds = hopSeconds;
    this.#scorer = scorer;
    this.#options = options;
    this.#sampleRate = sampleRate;
    this.#windowLength = Math.round(windowSeconds * sampleRate);
    this.#hopLength = Math.max(1, Math.round(hopSeconds * sampleRate));
    this.#maxPending = Math.round(maxPendingSeconds * sampleRate) + this.#windowLength;
  }

  /** Windows that were dropped because scoring did not keep up. */
  get nDropped(): number {
    return this.#nDropped;
  }

  /** Sound that waits to be scored, seconds. */
  get pendingSeconds(): number {
    return Math.max(0, this.#buffer.end - this.#next) / this.#sampleRate;
  }

  /**
   * @param samples mono, full scale = 1, finite, any number of them
   * @param sampleRate Hz, the same for the whole stream; another than the scorer's is resampled
   * @throws RangeError for samples that are not finite (none of them is taken) or another rate than before; Error after `close`
   */
  push(samples: Float32Array, sampleRate: number): void {
    const where = 'monitor.StreamScorer.push';
    if (this.#isClosed) throw new Error(`${where}: the stream must not be closed. Make a new StreamScorer.`);
    this.#resampler ??= new StreamResampler({ fromRate: sampleRate, toRate: this.#sampleRate });
    if (this.#resampler.fromRate !== sampleRate) {
      throw new RangeError(
        `${where}: sampleRate must stay ${this.#resampler.fromRate} Hz within a stream, got ${sampleRate}. ` +
          'Close this StreamScorer and make a new one.',
      );
    }
    this.#take(this.#resampler.push(samples));
  }

  /** No more sound will come: what waits is scored, then the iteration ends. Closing twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#resampler !== null) this.#take(this.#resampler.end());
    this.#wake?.();
  }

  /**
   * Sound of the last `historySeconds` and of what waits, at the scorer's rate; less where it is kept no longer or has not come.
   * @param time start and @param endTime end, seconds counted from `startTime`
   */
  recent(time: number, endTime: number): Float32Array {
    return this.#buffer.slice(this.#positionOf(time), this.#positionOf(endTime));
  }

  /** Resolves once less than a window of sound waits: for sources that can wait, such as files. */
  async keptUp(): Promise<void> {
    while (this.pendingSeconds >= this.windowSeconds && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#onTaken.push(resolve));
    }
  }

  /** @throws what the scorer throws; Error where the stream is iterated already */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamScore, void, undefined> {
    if (this.#isIterated) throw new Error('monitor.StreamScorer: the scores must be iterated only once.');
    this.#isIterated = true;
    for (;;) {
      const window = this.#takeWindow();
      if (window !== null) yield await this.#score(window);
      else if (this.#isClosed) return;
      else await this.#moreSound();
    }
  }

  #take(samples: Float32Array): void {
    this.#buffer.append(samples);
    this.#dropOverload();
    this.#forget();
    if (this.#buffer.end >= this.#next + this.#windowLength) this.#wake?.();
  }

  /** Whole windows, oldest first, until what waits is within the bound. */
  #dropOverload(): void {
    const excess = this.#buffer.end - this.#next - this.#maxPending;
    if (excess <= 0) return;
    const n = Math.ceil(excess / this.#hopLength);
    this.#next += n * this.#hopLength;
    this.#nDropped += n;
  }

  #forget(): void {
    const history = Math.round((this.#options.historySeconds ?? 0) * this.#sampleRate);
    this.#buffer.dropBefore(Math.min(this.#next, this.#buffer.end) - history);
  }

  #takeWindow(): { start: number; waveform: Float32Array } | null {
    const start = this.#next;
    const isWhole = this.#buffer.end >= start + this.#windowLength;
    if (!isWhole && !this.#isShortStream()) return null;
    const waveform = this.#buffer.slice(start, start + this.#windowLength);
    this.#next += this.#hopLength;
    this.#nScored++;
    for (const resolve of this.#onTaken.splice(0)) resolve();
    return { start, waveform };
  }

  /** Over before its first window was full. */
  #isShortStream(): boolean {
    const { chunkSeconds } = this.#scorer.input;
    const length = this.#buffer.end;
    const isLongEnough = length >= Math.round(chunkSeconds * this.#sampleRate);
    return this.#isClosed && this.#nScored === 0 && this.#nDropped === 0 && this.#next === 0 && isLongEnough;
  }

  async #score({ start, waveform }: { start: number; waveform: Float32Array }): Promise<StreamScore> {
    const { machineId, machineType, startTime = 0, turn } = this.#options;
    let scoringSeconds = 0;
    const work = async () => {
      const before = performance.now();
      const score = await this.#scorer.score(waveform, {
        sampleRate: this.#sampleRate,
        machineId,
        machineType,
      });
      scoringSeconds = (performance.now() - before) / 1000;
      return score;
    };
    const score = await (turn === undefined ? work() : turn(work));
    this.#forget();
    return {
      ...score,
      time: startTime + start / this.#sampleRate,
      endTime: startTime + (start + waveform.length) / this.#sampleRate,
      nDropped: this.#nDropped,
      scoringSeconds,
    };
  }

  #positionOf(time: number): number {
    return Math.round((time - (this.#options.startTime ?? 0)) * this.#sampleRate);
  }

  #moreSound(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
