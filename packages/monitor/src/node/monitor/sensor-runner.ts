import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorEvent, SensorCommand, SensorStart } from '../../events';
import { type HearingEvent, HearingWatch } from '../../hearing/hearing-watch';
import { restartDelay } from '../../hearing/restart-delay';
import type { StreamScore, StreamScorer } from '../../stream/stream-scorer';
import { EventClips, type EventClipsOptions } from '../clips/event-clips';
import { type AudioPiece, AudioSourceError } from '../sources/audio-source';
import { Listening } from './listening';
import { type SensorOptions, sensorKey } from './sensor-options';
import { clipEvent, overloadEvent, SensorVerdicts } from './sensor-verdicts';
import type { StateFile } from './state-file';

/** What the sensors of a monitor share. */
export interface MonitorParts {
  publish: (event: MonitorEvent) => void;
  tell: (message: string) => void;
  state: StateFile;
  turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Seconds. */
  clock: () => number;
  clips: EventClipsOptions | undefined;
}

const TICK_MS = 1000;
/** What restarts a source that is still open. */
const RESTARTING = new Set(['noAudio', 'wrongRate']);

/** Listens to one sensor until it is stopped, or its source is over for good. */
export class SensorRunner {
  readonly key: string;
  readonly #sensor: SensorOptions;
  readonly #parts: MonitorParts;
  readonly #verdicts: SensorVerdicts;
  readonly #clips: EventClips | null;
  #hearing: HearingWatch | null = null;
  #nDropped = 0;
  /** Restarts since the sensor was last healthy. */
  #nFailures = 0;

  constructor(sensor: SensorOptions, parts: MonitorParts) {
    this.key = sensorKey(sensor.name);
    this.#sensor = sensor;
    this.#parts = parts;
    const saved = parts.state.of(this.key);
    const { lastTime } = saved;
    this.#clips = parts.clips === undefined ? null : new EventClips(parts.clips);
    this.#verdicts = new SensorVerdicts(sensor, { saved, clips: this.#clips });
    if (lastTime !== null) parts.tell(`${this.key}: last heard ${new Date(1000 * lastTime).toISOString()}`);
  }

  /** @throws what the scorer throws, and AudioSourceError for a source that is not opened again */
  async run(signal: AbortSignal): Promise<void> {
    const { source, backOff } = this.#sensor;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      if (!isFirst) this.#tellHearing(this.#hearing?.restarted(this.#parts.clock()) ?? []);
      const problem = await this.#listen(signal);
      if (signal.aborted) return;
      if (!source.isEndless) {
        if (problem !== null) throw problem;
        return;
      }
      this.#parts.tell(problem?.message ?? `${this.key}: ${source.name} has ended`);
      this.#tellHearing(this.#watch(this.#sensor.scorer.input.sampleRate).ended(this.#parts.clock()));
      await sleep(1000 * restartDelay(this.#nFailures++, backOff), undefined, { signal }).catch(() => {});
    }
  }

  start(): SensorStart {
    return this.#verdicts.start(this.#parts.clock());
  }

  command(command: SensorCommand): void {
    this.#publishAll(this.#verdicts.command(command, this.#parts.clock()));
  }

  /** One opening of the source. @returns what it broke off with, null for an end */
  async #listen(signal: AbortSignal): Promise<Error | null> {
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal.addEventListener('abort', onAbort);
    const timer = this.#sensor.source.isLive ? setInterval(() => this.#tick(stop), TICK_MS) : undefined;
    const listening = this.#startListening();
    try {
      for await (const piece of this.#sensor.source.open(stop.signal)) {
        this.#hear(piece);
        await listening.take(piece);
      }
      return null;
    } catch (error) {
      if (error instanceof AudioSourceError) return stop.signal.aborted ? null : error;
      throw error;
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
      await listening.close();
    }
  }

  #startListening(): Listening {
    const { turn, clock, publish, tell } = this.#parts;
    return new Listening({
      ...{ sensor: this.#sensor, turn, clock, historySeconds: this.#historySeconds() },
      score: (stream) => this.#scoreAll(stream),
      onGap: (seconds) => tell(`${this.key}: ${seconds.toFixed(1)} s of sound are missing`),
      onDropped: (n) => {
        this.#nDropped += n;
        const [label, nDropped] = [this.key, this.#nDropped];
        publish(overloadEvent(this.#sensor.name, { label, time: clock(), nDropped }));
      },
    });
  }

  #tick(stop: AbortController): void {
    const events = this.#watch(this.#sensor.scorer.input.sampleRate).tick(this.#parts.clock());
    this.#tellHearing(events);
    if (
      events.some(({ state, faults }) => state === 'ALARMED' && faults.some((fault) => RESTARTING.has(fault)))
    )
      stop.abort();
  }

  #hear({ samples, sampleRate }: AudioPiece): void {
    this.#tellHearing(this.#watch(sampleRate).hear(samples, this.#parts.clock()));
  }

  #watch(sampleRate: number): HearingWatch {
    const { hearing, source } = this.#sensor;
    this.#hearing ??= new HearingWatch({ ...hearing, sampleRate, isLive: source.isLive });
    return this.#hearing;
  }

  #historySeconds(): number {
    const { scorer, windowSeconds = scorer.input.clipSeconds ?? scorer.input.chunkSeconds } = this.#sensor;
    return this.#clips?.historySeconds(windowSeconds) ?? windowSeconds; // drift measures the window that was scored
  }

  /** Until the stream is closed and scored. */
  async #scoreAll(stream: StreamScorer): Promise<void> {
    const { sampleRate } = this.#sensor.scorer.input;
    for await (const score of stream) {
      await this.#takeScore(score, stream.recent(score.time, score.endTime));
      await this.#saveClips(stream, { sampleRate, heardUntil: score.endTime });
    }
    await this.#saveClips(stream, { sampleRate, heardUntil: Number.POSITIVE_INFINITY });
  }

  async #takeScore(score: StreamScore, waveform: Float32Array): Promise<void> {
    const isHeard = this.#hearing?.isHeard ?? false;
    const verdict = this.#verdicts.take(score, { isHeard, waveform, nDropped: this.#nDropped });
    const events = [...verdict.alarms, ...verdict.drifts];
    this.#publishAll([verdict.score, ...events]);
    await this.#remember(events.length > 0);
  }

  async #saveClips(stream: StreamScorer, at: { sampleRate: number; heardUntil: number }): Promise<void> {
    this.#publishAll(((await this.#clips?.save(stream, at)) ?? []).map(clipEvent));
  }

  #publishAll(events: readonly MonitorEvent[]): void {
    for (const event of events) this.#parts.publish(event);
  }

  #tellHearing(events: readonly HearingEvent[]): void {
    for (const event of events) {
      if (event.state === 'HEALTHY') this.#nFailures = 0;
      this.#parts.publish({ kind: 'hearing', name: this.#sensor.name, ...event });
    }
  }

  #remember(isUrgent: boolean): Promise<void> {
    const memory = () => this.#verdicts.toJSON();
    return this.#parts.state.set(this.key, memory, { now: this.#parts.clock(), isUrgent });
  }
}
