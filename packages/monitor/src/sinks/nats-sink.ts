import { randomUUID } from 'node:crypto';
import { type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import {
  checkNumber,
  checkOptions,
  hidePassword,
  type OptionNames,
  wholeNumber,
} from '@serial-oe/foundation';
import type { MonitorEvent, ScoreSink, SensorCommand, SensorName, SensorStart } from '../events';
import { connectAtLast, connectOptions, type NatsOptions } from '../jetstream/lasting-connection';
import { ensureResultStreams } from '../jetstream/result-streams';
import { sensorSubject, subjectToken } from '../jetstream/subjects';
import { untilSent } from '../jetstream/until-sent';
import { readCommand } from './read-command';
import { SensorStates } from './sensor-states';

export interface NatsSinkOptions extends NatsOptions {
  /** First token of all subjects and of the names of the streams; default `serial-oe`. */
  base?: string | undefined;
  /** Events that wait for a server that is away; of more, the oldest are dropped. Default 10000. */
  maxWaiting?: number | undefined;
  /** Of what the client says: connected, lost, refused. */
  onMessage?: ((message: string) => void) | undefined;
}

const OPTIONS: OptionNames<NatsSinkOptions> = {
  servers: true,
  base: true,
  username: true,
  password: true,
  maxWaiting: true,
  onMessage: true,
  client: true,
};

/** A sink on a NATS server. */
export interface NatsSink extends ScoreSink {
  /** Resolves once a server has been reached for the first time and the streams are there. */
  readonly connected: Promise<void>;
}

const ACK_MS = 3000;
const CLOSE_MS = 3000;

/**
 * Publishes on NATS with JetStream, subjects a sensor:
 *
 * - `<base>.<site>.<asset>.<sensor>.state`: alarm, hearing, last severity; at the start and on every change. The stream `<base>-states`
 *   keeps the last of each sensor.
 * - `.event`: alarms, hearing, overload, drift, clips. Each is told until the server has confirmed it, and stands in the stream
 *   `<base>-results` once.
 * - `.score`: every window, without waiting for a confirmation; what cannot be told at once is dropped
 *
 * It takes commands on `.command`, as `mqttSink` does. Streams that are there already are left as they are.
 *
 * The first connection is tried again as later ones are.
 *
 * @throws RangeError or TypeError naming the option
 * @example
 * const sink = natsSink({ servers: 'nats://localhost' });
 */
export function natsSink(options: NatsSinkOptions): NatsSink {
  const where = 'monitor.natsSink';
  checkOptions(where, options, OPTIONS);
  const { base = 'serial-oe', maxWaiting = 10_000, onMessage = () => {} } = options;
  return new ServerSink({
    ...{ base: subjectToken(`${where}: base`, base), tell: onMessage },
    maxWaiting: checkNumber(`${where}: maxWaiting`, maxWaiting, wholeNumber(1, 10_000_000)),
    connect: connectOptions(where, options),
  });
}

interface ServerSinkParts {
  base: string;
  maxWaiting: number;
  tell: (message: string) => void;
  connect: NodeConnectionOptions;
}

interface Waiting {
  subject: string;
  payload: string;
  msgID: string;
}

class ServerSink implements NatsSink {
  readonly name: string;
  readonly connected: Promise<void>;
  readonly #parts: ServerSinkParts;
  readonly #states = new SensorStates();
  /** Events, oldest first. */
  readonly #waiting: Waiting[] = [];
  /** Sensors whose state is to be told, by their subject. */
  readonly #changed = new Map<string, SensorName>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #connection: NatsConnection | null = null;
  #isConnected = false;
  #isClosing = false;
  #lastProblem = '';
  #wake: () => void = () => {};
  #handler: ((command: SensorCommand) => void) | null = null;

  constructor(parts: ServerSinkParts) {
    const { servers } = parts.connect;
    this.name = `NATS ${hidePassword([servers].flat().join(', '))}`;
    this.#parts = parts;
    let reached: () => void;
    this.connected = new Promise((resolve) => {
      reached = resolve;
    });
    this.#running = this.#run(() => reached());
  }

  onCommand(handler: (command: SensorCommand) => void): void {
    this.#handler = handler;
    if (this.#connection !== null) this.#subscribe(this.#connection);
  }

  onStart(sensors: readonly SensorStart[]): void {
    for (const sensor of sensors) {
      this.#changed.set(this.#subject(sensor.name), sensor.name);
      this.#states.start(sensor);
    }
    this.#wake();
  }

  publish(event: MonitorEvent): void {
    const subject = this.#subject(event.name);
    const payload = JSON.stringify(event);
    if (this.#states.take(event)) this.#changed.set(subject, event.name);
    if (event.kind !== 'score') this.#queue({ subject: `${subject}.event`, payload, msgID: randomUUID() });
    else if (this.#isConnected) this.#connection?.publish(`${subject}.score`, payload);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake();
    const tooLong = setTimeout(() => this.#stop.abort(), CLOSE_MS);
    if (!this.#isConnected) this.#stop.abort();
    await this.#running;
    clearTimeout(tooLong);
    this.#stop.abort();
    const connection = this.#connection;
    this.#connection = null;
    await (this.#isConnected ? connection?.drain() : connection?.close());
  }

  #queue(event: Waiting): void {
    this.#waiting.push(event);
    const excess = this.#waiting.length - this.#parts.maxWaiting;
    if (excess > 0) this.#waiting.splice(0, excess);
  }

  async #run(reached: () => void): Promise<void> {
    const { connect, base, tell } = this.#parts;
    const { signal } = this.#stop;
    const connection = await connectAtLast(connect, { signal, onProblem: (text) => this.#onProblem(text) });
    if (connection === null) return;
    this.#connection = connection;
    this.#isConnected = true;
    tell(`${this.name}: connected`);
    void this.#follow(connection);
    if (this.#handler !== null) this.#subscribe(connection);
    await this.#untilDone(async () => ensureResultStreams(await jetstreamManager(connection), base));
    reached();
    await this.#tellAll(jetstream(connection));
  }

  /** What waits, in order, until the sink is closed and nothing waits. */
  async #tellAll(client: JetStreamClient): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const event = this.#waiting[0];
      const [state] = this.#changed;
      if (event !== undefined) {
        await this.#untilDone(() => client.publish(event.subject, event.payload, publishing(event.msgID)));
        if (this.#waiting[0] === event) this.#waiting.shift(); // it may have been dropped meanwhile
      } else if (state !== undefined) {
        const [subject, name] = state;
        this.#changed.delete(subject); // what changes from here on is told again
        await this.#untilDone(() =>
          client.publish(`${subject}.state`, JSON.stringify(this.#states.of(name)), publishing()),
        );
      } else if (this.#isClosing) return;
      else await this.#moreToTell();
    }
  }

  /** Again until it succeeds, or the sink is closed. */
  async #untilDone(work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    const isDone = await untilSent(work, {
      ...{ signal, isGivenUp: () => signal.aborted },
      onProblem: (message) => this.#onProblem(message),
    });
    if (isDone) this.#lastProblem = '';
  }

  #moreToTell(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isClosing || this.#waiting.length + this.#changed.size > 0) resolve();
    });
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      if (type === 'disconnect') this.#onProblem('the connection is lost');
      if (type !== 'reconnect') continue;
      this.#isConnected = true;
      this.#parts.tell(`${this.name}: connected`);
    }
  }

  /** What is no command is told of and changes nothing. */
  #subscribe(connection: NatsConnection): void {
    connection.subscribe(`${this.#parts.base}.*.*.*.command`, {
      callback: (problem, message) => {
        if (problem !== null) return this.#onProblem(problem.message);
        const [, site = '', asset = '', sensor = ''] = message.subject.split('.');
        try {
          this.#handler?.({ name: { site, asset, sensor }, ...readCommand(message.string()) });
        } catch (error) {
          this.#parts.tell(`${this.name}: ${message.subject}: ${(error as Error).message}`);
        }
      },
    });
  }

  /** Once for a problem, not at each try. */
  #onProblem(message: string): void {
    if (message === this.#lastProblem || this.#isClosing) return;
    this.#lastProblem = message;
    this.#parts.tell(`${this.name}: ${message}; it is tried again`);
  }

  #subject(name: SensorName): string {
    return `${this.#parts.base}.${sensorSubject('monitor.natsSink', name)}`;
  }
}

const publishing = (msgID?: string) => ({
  ...{ timeout: ACK_MS, retries: 1 },
  ...(msgID !== undefined && { msgID }),
});
