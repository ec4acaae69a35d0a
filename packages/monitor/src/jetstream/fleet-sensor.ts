import type { MsgHdrs } from '@nats-io/transport-node';
import type { AlarmOptions } from '@serial-oe/decision';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import type { MonitorEvent, SensorHearingEvent, SensorName } from '../events';
import type { HearingEvent } from '../hearing/hearing-watch';
import { EventClips, type EventClipsOptions } from '../node/clips/event-clips';
import { sensorKey } from '../node/monitor/sensor-options';
import { clipEvent, overloadEvent, SensorVerdicts } from '../node/monitor/sensor-verdicts';
import { readCommand } from '../sinks/read-command';
import { fairTurns } from '../stream/fair-turns';
import type { StreamScore } from '../stream/stream-scorer';
import { decodePiece, type PlainPiece, type SentPiece } from './audio-messages';
import { FleetHearing, type FleetHearingOptions } from './fleet-hearing';
import type { Fleet } from './open-fleet';
import type { ScoringQueue } from './scoring-queue';
import { type FleetMemory, SensorRecord } from './sensor-memory';
import { SensorTeller } from './sensor-teller';
import { SensorWindows } from './sensor-windows';
import { StreamCutter } from './stream-cutter';
import { sensorSubject } from './subjects';

/** How a node scores a sensor. */
export interface FleetSensorOptions {
  /** Of several sensors it may be the same. The same sound must give the same score on all nodes. */
  scorer: ClipScorer;
  /** The machine by the name that the scorer knows; default what the sensor says, or the scorer's first. */
  machineId?: string | undefined;
  /** For a scorer whose training covers all types. */
  machineType?: string | undefined;
  /** As for `StreamScorer`. */
  windowSeconds?: number | undefined;
  hopSeconds?: number | undefined;
  alarm?: Partial<AlarmOptions> | undefined;
  hearing?: FleetHearingOptions | undefined;
}

export interface FleetSensorParts {
  fleet: Fleet;
  scoring: ScoringQueue;
  /** Keeps the sound around alarms. Default: not. */
  clips?: EventClipsOptions | undefined;
  onEvent: (event: MonitorEvent) => void;
  tell: (message: string) => void;
}

/** A piece as it stands in JetStream. */
export interface StoredPiece {
  piece: SentPiece | PlainPiece;
  place: number;
  /** When the server got it, Unix time, ms. */
  arrivedAt: number;
  /** Whether it is known to be the one after the last that was taken. */
  isNext: boolean;
}

/** An operator's command as it stands in JetStream. */
export interface StoredCommand {
  text: string;
  place: number;
  /** When the server got it, Unix time, ms. */
  arrivedAt: number;
}

type Saved = FleetMemory;

/**
 * One sensor on the node that has it. After each window first its events are told, then its score, then all is remembered; whoever goes
 * on after a death between two of these steps computes the same again, and the message IDs and the last score tell what stands there.
 */
export class FleetSensor {
  readonly #name: SensorName;
  readonly #options: FleetSensorOptions;
  readonly #parts: FleetSensorParts;
  readonly #record: SensorRecord;
  readonly #teller: SensorTeller;
  readonly #windows: SensorWindows;
  readonly #verdicts: SensorVerdicts;
  readonly #hearing: FleetHearing;
  readonly #clips: EventClips | null;
  /** One thing after the other, wherever it comes from. */
  readonly #inTurn = fairTurns();
  /** Numbers the pieces of a sender that does not. */
  #cutter: StreamCutter | null = null;
  readonly #from: Pick<Saved, 'stream' | 'place' | 'position' | 'sampleRate'>;
  #lastRefusal = '';
  #nHearing: number;
  #nDroppedTold: number;
  #command: number;

  private constructor(
    { name, options, parts }: { name: SensorName; options: FleetSensorOptions; parts: FleetSensorParts },
    { record, saved, teller }: { record: SensorRecord; saved: Saved; teller: SensorTeller },
  ) {
    const { input } = options.scorer;
    const { windowSeconds = Math.max(input.clipSeconds ?? 0, input.chunkSeconds), hearing = {} } = options;
    this.#name = name;
    this.#options = options;
    this.#parts = parts;
    this.#record = record;
    this.#teller = teller;
    this.#from = saved;
    this.#clips = parts.clips === undefined ? null : new EventClips(parts.clips, saved.clips);
    const { beforeSeconds: history = 0 } = this.#clips ?? {};
    const seconds = { window: windowSeconds, hop: options.hopSeconds ?? windowSeconds / 2, history };
    this.#windows = new SensorWindows(seconds, saved);
    this.#verdicts = new SensorVerdicts({ ...options, name }, { saved, clips: this.#clips });
    const sampleRate = saved.sampleRate || input.sampleRate;
    this.#hearing = new FleetHearing(hearing, { saved: saved.hearing, sampleRate });
    this.#nHearing = saved.nHearing;
    this.#nDroppedTold = saved.nDroppedTold;
    this.#command = saved.command;
    teller.start(this.#verdicts.start(saved.lastTime ?? 0), saved.hearing);
  }

  /**
   * As it was remembered.
   * @param name with the machine as the sensor says it; empty where it does not
   * @returns null where this fleet does not score it
   */
  static async open(
    heard: SensorName,
    {
      partition,
      optionsOf,
      ...parts
    }: FleetSensorParts & {
      partition: number;
      optionsOf: (name: SensorName) => FleetSensorOptions | null;
    },
  ): Promise<FleetSensor | null> {
    const { fleet, onEvent } = parts;
    const subject = sensorSubject('monitor.FleetNode', heard);
    const record = new SensorRecord(fleet, { subject, partition });
    const saved = await record.read();
    const said = { ...heard, machineId: heard.machineId || (saved.machineId ?? '') };
    const options = optionsOf(said);
    if (options === null) return null;
    const machineId = options.machineId ?? (said.machineId || options.scorer.machineIds[0]!);
    const name = { ...said, machineId };
    const teller = await SensorTeller.open({ fleet, name, onEvent });
    const sensor = new FleetSensor({ name, options, parts }, { record, saved, teller });
    await sensor.#obeyMissed(subject);
    return sensor;
  }

  /**
   * Takes a piece, and those before it that have not come here, and scores what is whole by it.
   * @throws LostSensorError where another node goes on with the sensor
   */
  take(stored: StoredPiece, subject: string): Promise<void> {
    return this.#inTurn(async () => {
      const { piece, place, isNext } = stored;
      if (place <= this.#windows.lastPlace) return;
      const hasNext = isNext || ('stream' in piece && this.#windows.follows(piece));
      if (!hasNext) await this.#takeBefore(place, subject); // a question to the server for each piece would cost as much as the piece
      await this.#takeNext(stored);
    });
  }

  /** An operator's answer. @throws LostSensorError as `take` */
  obey(command: StoredCommand): Promise<void> {
    return this.#inTurn(() => this.#obey(command));
  }

  /** Nothing of it waits anywhere. @throws LostSensorError as `take` */
  tick(): Promise<void> {
    return this.#inTurn(() => this.#tellHearing(this.#hearing.tick()));
  }

  async #takeBefore(end: number, subject: string): Promise<void> {
    const { manager, audioStream } = this.#parts.fleet;
    for (let seq = this.#windows.lastPlace + 1; ; ) {
      const next = { seq, next_by_subj: subject }; // the client's type knows it for copies alone, the server for who leads too
      const found = await manager.streams.getMessage(audioStream, next);
      if (found === null || found.seq >= end) return;
      seq = found.seq + 1;
      const piece = readablePiece(found);
      if (piece !== null) await this.#takeNext({ piece, place: found.seq, arrivedAt: found.time.getTime() });
    }
  }

  async #takeNext({ piece, place, arrivedAt }: Omit<StoredPiece, 'isNext'>): Promise<void> {
    const numbers = 'stream' in piece ? piece : this.#numbersOf(piece, { place, arrivedAt });
    if (numbers.stream > this.#windows.stream) await this.#saveClips(Number.POSITIVE_INFINITY);
    this.#windows.take({ ...piece, ...numbers, place });
    for (let second = this.#windows.second(); second !== null; second = this.#windows.second()) {
      await this.#tellHearing(this.#hearing.hear(second));
    }
    for (let window = this.#windows.window(); window !== null; window = this.#windows.window()) {
      await this.#score(window);
    }
  }

  #numbersOf(piece: PlainPiece, { place, arrivedAt }: { place: number; arrivedAt: number }) {
    const from = place === this.#from.place ? this.#from : undefined;
    this.#cutter ??= new StreamCutter({ isLive: true, from });
    return this.#cutter.next(piece, arrivedAt);
  }

  async #score(window: NonNullable<ReturnType<SensorWindows['window']>>): Promise<void> {
    const { waveform, start, time, endTime, sampleRate } = window;
    const { scorer, machineType } = this.#options;
    const { machineId } = this.#name;
    const { stream, nDropped } = this.#windows.place;
    const options = { sampleRate, machineId, machineType };
    const scored = await this.#parts.scoring.score(scorer, waveform, options).catch(this.#refused);
    if (scored === null) {
      await this.#saveClips(this.#windows.endTime);
      this.#windows.done(this.#keptFrom());
      return this.#remember();
    }
    const { clip, scoringSeconds } = scored;
    const score: StreamScore = { ...clip, time, endTime, nDropped, scoringSeconds };
    const { isHeard } = this.#hearing;
    const atScorersRate = sampleRate === scorer.input.sampleRate ? waveform : new Float32Array(0);
    const verdict = this.#verdicts.take(score, { isHeard, nDropped, waveform: atScorersRate });
    const events: MonitorEvent[] = [...verdict.alarms, ...verdict.drifts];
    if (nDropped > this.#nDroppedTold) {
      const label = sensorKey(this.#name);
      events.push(overloadEvent(this.#name, { label, time: endTime, nDropped }));
    }
    await this.#teller.window(events, verdict.score, { stream, start });
    this.#nDroppedTold = nDropped;
    await this.#saveClips(this.#windows.endTime);
    this.#windows.done(this.#keptFrom());
    await this.#remember();
  }

  /** Sound that no scorer takes, or a machine that it does not know, must not keep the other sensors of the partition from their turn. */
  readonly #refused = (error: unknown): null => {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    const message = `${sensorKey(this.#name)}: its windows are not scored: ${error.message}`;
    if (message !== this.#lastRefusal) this.#parts.tell(message);
    this.#lastRefusal = message;
    return null;
  };

  /** Where the sound of the clips begins that are not saved yet. */
  #keptFrom(): number {
    return Math.min(...(this.#clips?.pending ?? []).map(({ from }) => from));
  }

  /** A full disk must not end the alarms. */
  async #saveClips(heardUntil: number): Promise<void> {
    const { sampleRate } = this.#windows.place;
    const saving = this.#clips?.save(this.#windows, { sampleRate, heardUntil });
    const saved = await saving?.catch((error: Error) => {
      this.#parts.tell(`${sensorKey(this.#name)}: its clips are not saved: ${error.message}`);
    });
    for (const clip of saved ?? []) await this.#teller.events([clipEvent(clip)], `clip/${clip.event.time}`);
  }

  async #tellHearing(events: readonly HearingEvent[]): Promise<void> {
    for (const event of events) {
      const told: SensorHearingEvent = { kind: 'hearing', name: this.#name, ...event };
      await this.#teller.events([told], `hearing/${++this.#nHearing}`);
    }
    if (events.length === 0) return;
    if (events.some(({ state, faults }) => state === 'ALARMED' && faults.includes('noAudio')))
      await this.#saveClips(Number.POSITIVE_INFINITY);
    await this.#remember();
  }

  /** Those that came while no node had the sensor. */
  async #obeyMissed(subject: string): Promise<void> {
    const { manager, base, commandStream } = this.#parts.fleet;
    for (;;) {
      const next = { seq: this.#command + 1, next_by_subj: `${base}.${subject}.command` };
      const found = await manager.streams.getMessage(commandStream, next);
      if (found === null) return;
      await this.#obey({ text: found.string(), place: found.seq, arrivedAt: found.time.getTime() });
    }
  }

  async #obey({ text, place, arrivedAt }: StoredCommand): Promise<void> {
    if (place <= this.#command) return;
    this.#command = place;
    try {
      const command = { name: this.#name, ...readCommand(text) };
      const events = this.#verdicts.command(command, arrivedAt / 1000);
      await this.#teller.events(events, `command/${place}`);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      this.#parts.tell(`${sensorKey(this.#name)}: command: ${error.message}`);
    }
    await this.#remember();
  }

  #remember(): Promise<void> {
    return this.#record.write({
      ...this.#windows.place,
      ...this.#verdicts.toJSON(),
      ...{ machineId: this.#name.machineId, hearing: this.#hearing.toJSON(), nHearing: this.#nHearing },
      ...{ nDroppedTold: this.#nDroppedTold, command: this.#command, clips: this.#clips?.pending ?? [] },
    });
  }
}

/** Null for what is no piece, which was told where it came. */
function readablePiece({
  data,
  header,
}: {
  data: Uint8Array;
  header: MsgHdrs;
}): ReturnType<typeof decodePiece> | null {
  try {
    return decodePiece(data, header);
  } catch {
    return null;
  }
}
