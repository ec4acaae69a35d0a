import { headers } from '@nats-io/transport-node';
import type { AlarmOptions } from '@serial-oe/decision';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import type { MonitorEvent, SensorName } from '../events';
import { SensorAlarm } from '../node/monitor/sensor-alarm';
import { SensorDrift } from '../node/monitor/sensor-drift';
import { SensorStates } from '../sinks/sensor-states';
import type { StreamScore } from '../stream/stream-scorer';
import { decodePiece } from './audio-messages';
import type { Fleet } from './open-fleet';
import { type FleetMemory, SensorRecord } from './sensor-memory';
import { type PlacedPiece, SensorWindows } from './sensor-windows';
import { sensorSubject } from './subjects';

/** How a node scores a sensor. */
export interface FleetSensorOptions {
  /** Of several sensors it may be the same. The same sound must give the same score on all nodes. */
  scorer: ClipScorer;
  /** For a scorer whose training covers all types. */
  machineType?: string | undefined;
  /** As for `StreamScorer`. */
  windowSeconds?: number | undefined;
  hopSeconds?: number | undefined;
  alarm?: Partial<AlarmOptions> | undefined;
}

export interface FleetSensorParts {
  fleet: Fleet;
  turn: <T>(work: () => Promise<T>) => Promise<T>;
  onEvent: (event: MonitorEvent) => void;
}

const ACK_MS = 5000;
const WINDOW_HEADER = 'Serial-OE-Window';

/**
 * One sensor on the node that has it. After each window first its events are told, then its score, then all is remembered; whoever goes
 * on after a death between two of these steps computes the same again, and the message IDs and the last score tell what stands there.
 */
export class FleetSensor {
  readonly #name: SensorName;
  readonly #subject: string;
  readonly #options: FleetSensorOptions;
  readonly #parts: FleetSensorParts;
  readonly #record: SensorRecord;
  readonly #windows: SensorWindows;
  readonly #alarm: SensorAlarm;
  readonly #drift: SensorDrift;
  readonly #states = new SensorStates();
  #lastTime: number | null;
  /** The last window whose score stands in the results. */
  readonly #told: { stream: number; start: number };

  private constructor(
    name: SensorName,
    options: FleetSensorOptions,
    {
      parts,
      record,
      memory,
      told,
    }: {
      parts: FleetSensorParts;
      record: SensorRecord;
      memory: FleetMemory;
      told: { stream: number; start: number };
    },
  ) {
    const { input } = options.scorer;
    const { windowSeconds = Math.max(input.clipSeconds ?? 0, input.chunkSeconds) } = options;
    this.#name = name;
    this.#subject = `${parts.fleet.base}.${sensorSubject('monitor.FleetNode', name)}`;
    this.#options = options;
    this.#parts = parts;
    this.#record = record;
    this.#told = told;
    this.#windows = new SensorWindows(
      { window: windowSeconds, hop: options.hopSeconds ?? windowSeconds / 2 },
      memory,
    );
    this.#alarm = new SensorAlarm(name, { options: options.alarm ?? {}, saved: memory.alarm });
    this.#drift = new SensorDrift(name, { scorer: options.scorer, saved: memory.drift });
    this.#lastTime = memory.lastTime;
    this.#states.start(this.#alarm.start(memory.lastTime ?? 0));
  }

  /** As it was remembered. */
  static async open(
    name: SensorName,
    options: FleetSensorOptions,
    parts: FleetSensorParts,
  ): Promise<FleetSensor> {
    const { manager, base } = parts.fleet;
    const subject = sensorSubject('monitor.FleetNode', name);
    const record = new SensorRecord(parts.fleet, subject);
    const memory = await record.read();
    const last = await manager.streams.getMessage(`${base}-results`, {
      last_by_subj: `${base}.${subject}.score`,
    });
    const [stream = -1, start = -1] = (last?.header.get(WINDOW_HEADER) || '-1/-1').split('/').map(Number);
    return new FleetSensor(name, options, { parts, record, memory, told: { stream, start } });
  }

  /**
   * Takes a piece, and those before it that have not come here, and scores what is whole by it.
   * @throws LostSensorError where another node goes on with the sensor
   */
  async take(piece: PlacedPiece, subject: string): Promise<void> {
    if (piece.place <= this.#windows.lastPlace) return;
    if (!this.#windows.follows(piece)) await this.#takeBefore(piece.place, subject);
    await this.#takeNext(piece);
  }

  async #takeBefore(end: number, subject: string): Promise<void> {
    const { manager, audioStream } = this.#parts.fleet;
    for (;;) {
      const seq = this.#windows.lastPlace + 1;
      const next = { seq, next_by_subj: subject }; // the client's type knows it for copies alone, the server for who leads too
      const found = await manager.streams.getMessage(audioStream, next);
      if (found === null || found.seq >= end) return;
      await this.#takeNext({ ...decodePiece(found.data, found.header), place: found.seq });
    }
  }

  async #takeNext(piece: PlacedPiece): Promise<void> {
    this.#windows.take(piece);
    for (let window = this.#windows.window(); window !== null; window = this.#windows.window()) {
      await this.#score(window);
    }
  }

  async #score(window: NonNullable<ReturnType<SensorWindows['window']>>): Promise<void> {
    const { waveform, start, time, endTime, sampleRate } = window;
    const { scorer, machineType } = this.#options;
    const { stream, nDropped } = this.#windows.place;
    let scoringSeconds = 0;
    const clip = await this.#parts.turn(async () => {
      const before = performance.now();
      const { machineId } = this.#name;
      const result = await scorer.score(waveform, { sampleRate, machineId, machineType });
      scoringSeconds = (performance.now() - before) / 1000;
      return result;
    });
    const score: StreamScore = { ...clip, time, endTime, nDropped, scoringSeconds };
    const events: MonitorEvent[] = this.#alarm.take(score, true);
    events.push(...this.#drift.take(score, true, this.#atScorersRate(waveform, sampleRate)));
    this.#lastTime = endTime;
    await this.#tell(events, score, { stream, start });
    this.#windows.done();
    await this.#remember();
  }

  /** Drift measures levels at the scorer's rate; sound of another is left to the score alone. */
  #atScorersRate(waveform: Float32Array, sampleRate: number): Float32Array {
    return sampleRate === this.#options.scorer.input.sampleRate ? waveform : new Float32Array(0);
  }

  async #tell(
    events: readonly MonitorEvent[],
    score: StreamScore,
    window: { stream: number; start: number },
  ): Promise<void> {
    const { time, endTime, anomalyScore, threshold, isAnomaly, severity, percentile, nDropped } = score;
    const told: MonitorEvent = {
      ...{ kind: 'score', name: this.#name, time, endTime, anomalyScore, threshold, isAnomaly },
      ...{ severity, percentile, nDropped, scoringSeconds: score.scoringSeconds },
    };
    const { stream, start } = this.#told;
    const isTold = window.stream < stream || (window.stream === stream && window.start <= start);
    const id = `${this.#subject}/${window.stream}/${window.start}`;
    if (!isTold) {
      for (const [i, event] of events.entries()) await this.#publish('event', event, { msgID: `${id}/${i}` });
      await this.#publish('score', told, { msgID: id, window: `${window.stream}/${window.start}` });
    }
    for (const event of [...events, told]) {
      if (this.#states.take(event)) await this.#publish('state', this.#states.of(this.#name));
      if (!isTold) this.#parts.onEvent(event);
    }
  }

  async #publish(
    kind: string,
    value: unknown,
    { msgID, window }: { msgID?: string; window?: string } = {},
  ): Promise<void> {
    const fields = headers();
    if (window !== undefined) fields.set(WINDOW_HEADER, window);
    await this.#parts.fleet.client.publish(`${this.#subject}.${kind}`, JSON.stringify(value), {
      ...{ headers: fields, timeout: ACK_MS, retries: 5 },
      ...(msgID !== undefined && { msgID }),
    });
  }

  #remember(): Promise<void> {
    return this.#record.write({
      ...this.#windows.place,
      ...{ lastTime: this.#lastTime, alarm: this.#alarm.toJSON(), drift: this.#drift.toJSON() },
    });
  }
}
