import { describeSignal, type SignalFault } from '@serial-oe/audio-features';
import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  FINITE,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import { type ArrivalMemory, ArrivalRate } from './arrival-rate';

/**
 * HEALTHY: it hears. ALARMED: it does not. RECOVERING: the source was started again, or sound is back, for too short a time to trust.
 * FAILED: it has not been healthy for so long that somebody has to come.
 */
export const HEARING_STATES = ['HEALTHY', 'ALARMED', 'RECOVERING', 'FAILED'] as const;
export type HearingState = (typeof HEARING_STATES)[number];

/** Why nothing of use is heard. */
export type HearingFault =
  /** No samples come. */
  | 'noAudio'
  /** The source has ended or cannot be opened. */
  | 'sourceEnded'
  /** One value throughout, or dither: a dead or muted microphone. */
  | 'flat'
  /** Recorded too loud. */
  | 'clipped'
  /** More or fewer samples come a second than the rate that is stated. */
  | 'wrongRate'
  /** Samples that no microphone gives: not finite, or absurdly large. */
  | 'notSound';

export interface HearingWatchOptions {
  /** Hz, of the samples. */
  sampleRate: number;
  /** Whether samples come at the pace of the clock; false for files, whose pace says nothing. Default true. */
  isLive?: boolean | undefined;
  /** A fault of the sound counts when it lasts so long, seconds. Default 3. */
  faultSeconds?: number | undefined;
  /** No samples for so long are a fault, seconds. Default 5. */
  noAudioSeconds?: number | undefined;
  /** Sound without fault for so long is healthy again, seconds. Default 5. */
  recoverSeconds?: number | undefined;
  /** Not healthy for so long is failed, seconds. Default 600. */
  failedAfterSeconds?: number | undefined;
  /** How far the pace of the samples may be from the rate, as a share. Default 0.05. */
  rateTolerance?: number | undefined;
}

const OPTIONS: OptionNames<HearingWatchOptions> = {
  sampleRate: true,
  isLive: true,
  faultSeconds: true,
  noAudioSeconds: true,
  recoverSeconds: true,
  failedAfterSeconds: true,
  rateTolerance: true,
};

const DEFAULTS = {
  isLive: true,
  faultSeconds: 3,
  noAudioSeconds: 5,
  recoverSeconds: 5,
  failedAfterSeconds: 600,
  rateTolerance: 0.05,
};

/** A change of state. */
export interface HearingEvent {
  /** Seconds, of the caller's clock. */
  time: number;
  state: HearingState;
  before: HearingState;
  /** None where it is healthy. */
  faults: HearingFault[];
  /** A sentence. */
  message: string;
}

/** What a watch knows between two seconds of sound, plain JSON; times are of the caller's clock. */
export interface HearingMemory {
  state: HearingState;
  since: readonly (readonly [HearingFault, number])[];
  lastHeard: number | null;
  goodSince: number | null;
  unwellSince: number | null;
  rate: ArrivalMemory;
}

const SOUND_FAULTS: Partial<Record<SignalFault, HearingFault>> = {
  constant: 'flat',
  ditherOnly: 'flat',
  partlyDead: 'flat',
  clipped: 'clipped',
  absurdSample: 'notSound',
  integerScale: 'notSound',
};

const WORDS: Record<HearingFault, string> = {
  noAudio: 'no samples come',
  sourceEnded: 'the source has ended',
  flat: 'the sound is flat, as of a dead or muted microphone',
  clipped: 'the sound is clipped: it is recorded too loud',
  wrongRate: 'samples do not come at the rate that is stated',
  notSound: 'the samples are no sound',
};

/**
 * Whether a source is heard: a monitor that looks well and hears nothing is the worst fault there is. It looks at each second of sound and
 * at the clock, which the caller gives: `hear` with each piece, `tick` about once a second, `ended` and `restarted` when that happens.
 *
 * @example
 * const watch = new HearingWatch({ sampleRate: 16000 });
 * for (const { state, message } of watch.hear(samples, Date.now() / 1000)) console.error(state, message);
 */
export class HearingWatch {
  readonly #options: Required<{ [K in keyof typeof DEFAULTS]: (typeof DEFAULTS)[K] }> & {
    sampleRate: number;
  };
  #rate: ArrivalRate;
  #state: HearingState = 'HEALTHY';
  /** The last second of sound, as it comes. */
  #block: Float32Array;
  #nInBlock = 0;
  /** Since when each fault has been there. */
  readonly #since = new Map<HearingFault, number>();
  #lastHeard: number | null = null;
  #goodSince: number | null = null;
  #unwellSince: number | null = null;

  /** @throws RangeError or TypeError naming the option */
  constructor(options: HearingWatchOptions) {
    const where = 'monitor.HearingWatch';
    checkOptions(where, options, OPTIONS);
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.#options = { ...DEFAULTS, ...(given as { sampleRate: number }) };
    checkNumber(`${where}: sampleRate`, this.#options.sampleRate, POSITIVE_COUNT);
    for (const [name, value] of Object.entries(this.#options)) {
      if (typeof value === 'number') checkNumber(`${where}: ${name}`, value, ABOVE_ZERO);
    }
    this.#block = new Float32Array(this.#options.sampleRate);
    this.#rate = new ArrivalRate(this.#options.sampleRate);
  }

  /** As {@link toJSON} of another one had it, which had heard whole seconds; for the same sensor on another machine. */
  static fromJSON(memory: HearingMemory, options: HearingWatchOptions): HearingWatch {
    const watch = new HearingWatch(options);
    watch.#state = memory.state;
    for (const [fault, time] of memory.since) watch.#since.set(fault, time);
    watch.#lastHeard = memory.lastHeard;
    watch.#goodSince = memory.goodSince;
    watch.#unwellSince = memory.unwellSince;
    watch.#rate = new ArrivalRate(watch.#options.sampleRate, memory.rate);
    return watch;
  }

  toJSON(): HearingMemory {
    return {
      ...{ state: this.#state, since: [...this.#since], lastHeard: this.#lastHeard },
      ...{ goodSince: this.#goodSince, unwellSince: this.#unwellSince, rate: this.#rate.toJSON() },
    };
  }

  /** When sound came last; null before any. */
  get lastHeard(): number | null {
    return this.#lastHeard;
  }

  get state(): HearingState {
    return this.#state;
  }

  /** Whether what is heard is sound of the machine: it is healthy, and nothing is wrong now. */
  get isHeard(): boolean {
    return this.#state === 'HEALTHY' && this.#since.size === 0;
  }

  /** What is wrong now, whether it has lasted long enough to count or not. */
  get faults(): HearingFault[] {
    return [...this.#since.keys()];
  }

  /**
   * @param samples mono, as they came
   * @param time when they came, seconds
   */
  hear(samples: Float32Array, time: number): HearingEvent[] {
    checkNumber('monitor.HearingWatch.hear: time', time, FINITE);
    if (samples.length === 0) return this.tick(time);
    this.#lastHeard = time;
    this.#set('noAudio', false, time);
    this.#set('sourceEnded', false, time);
    if (this.#options.isLive) {
      const pace = this.#rate.add(samples.length, time);
      if (pace !== null) this.#set('wrongRate', Math.abs(pace - 1) > this.#options.rateTolerance, time);
    }
    for (let at = 0; at < samples.length; ) {
      const n = Math.min(samples.length - at, this.#block.length - this.#nInBlock);
      this.#block.set(samples.subarray(at, at + n), this.#nInBlock);
      this.#nInBlock += n;
      at += n;
      if (this.#nInBlock === this.#block.length) this.#look(time);
    }
    return this.#settle(time);
  }

  /** Time goes on. */
  tick(time: number): HearingEvent[] {
    checkNumber('monitor.HearingWatch.tick: time', time, FINITE);
    this.#lastHeard ??= time;
    if (this.#options.isLive && time - this.#lastHeard >= this.#options.noAudioSeconds) {
      this.#set('noAudio', true, time);
      this.#rate.reset(); // a gap is no pace
    }
    return this.#settle(time);
  }

  /** The source has ended or failed: a fault at once. */
  ended(time: number): HearingEvent[] {
    this.#set('sourceEnded', true, time);
    return this.#settle(time);
  }

  /** The source was started again: what was heard before counts no more. */
  restarted(time: number): HearingEvent[] {
    this.#nInBlock = 0;
    this.#rate.reset();
    this.#since.clear();
    this.#lastHeard = time;
    this.#goodSince = null;
    return this.#state === 'ALARMED'
      ? [this.#change('RECOVERING', time, 'the source was started again')]
      : [];
  }

  /** One second of sound. */
  #look(time: number): void {
    this.#nInBlock = 0;
    const isSound = this.#block.every((sample) => Number.isFinite(sample));
    const { findings } = isSound
      ? describeSignal({ sampleRate: this.#options.sampleRate, channels: [this.#block] })
      : { findings: [] };
    const found = new Set(findings.map(({ kind }) => SOUND_FAULTS[kind]));
    if (!isSound) found.add('notSound');
    for (const fault of ['flat', 'clipped', 'notSound'] as const) this.#set(fault, found.has(fault), time);
    this.#goodSince = found.size > (found.has(undefined) ? 1 : 0) ? null : (this.#goodSince ?? time);
  }

  #set(fault: HearingFault, isThere: boolean, time: number): void {
    if (!isThere) this.#since.delete(fault);
    else if (!this.#since.has(fault)) this.#since.set(fault, time);
  }

  /** Faults that have lasted. */
  #lasting(time: number): HearingFault[] {
    const atOnce: readonly HearingFault[] = ['noAudio', 'sourceEnded', 'wrongRate'];
    return [...this.#since].flatMap(([fault, since]) =>
      atOnce.includes(fault) || time - since >= this.#options.faultSeconds ? [fault] : [],
    );
  }

  #settle(time: number): HearingEvent[] {
    const events: HearingEvent[] = [];
    const faults = this.#lasting(time);
    if (faults.length > 0) this.#goodSince = null;
    if (faults.length > 0 && (this.#state === 'HEALTHY' || this.#state === 'RECOVERING')) {
      events.push(this.#change('ALARMED', time, faults.map((fault) => WORDS[fault]).join('; ')));
    } else if (faults.length === 0 && this.#goodSince !== null && this.#state !== 'HEALTHY') {
      if (this.#state !== 'RECOVERING') events.push(this.#change('RECOVERING', time, 'sound is back'));
      if (time - this.#goodSince >= this.#options.recoverSeconds) {
        events.push(this.#change('HEALTHY', time, 'sound comes as it should'));
      }
    }
    const isLong = this.#unwellSince !== null && time - this.#unwellSince >= this.#options.failedAfterSeconds;
    if (isLong && this.#state === 'ALARMED') {
      const words = faults.map((fault) => WORDS[fault]).join('; ');
      events.push(
        this.#change('FAILED', time, `not heard for ${this.#options.failedAfterSeconds} s: ${words}`),
      );
    }
    return events;
  }

  #change(state: HearingState, time: number, message: string): HearingEvent {
    const before = this.#state;
    this.#state = state;
    if (state === 'HEALTHY') this.#unwellSince = null;
    else this.#unwellSince ??= time;
    return { time, state, before, faults: state === 'HEALTHY' ? [] : this.faults, message };
  }
}
