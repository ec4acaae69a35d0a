import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { SensorName } from '../events';
import { decodePiece, nameOfSubject } from './audio-messages';
import { FirstDeliveries } from './first-deliveries';
import {
  FleetSensor,
  type FleetSensorOptions,
  type FleetSensorParts,
  type StoredCommand,
} from './fleet-sensor';
import type { KeepAlive } from './keep-alive';
import { SensorRecord } from './sensor-memory';

export interface PartitionParts extends FleetSensorParts {
  sensorOptions: (name: SensorName) => FleetSensorOptions | null;
  keepAlive: KeepAlive;
  prefetch: number;
}

const RETRY_MS = 1000;

/** The sensors of one partition, while this node has it. */
export class PartitionRunner {
  readonly #partition: number;
  readonly #parts: PartitionParts;
  readonly #sensors = new Map<string, FleetSensor | null>();
  readonly #running: Promise<void>;
  #deliveries = new FirstDeliveries();
  #messages: ConsumerMessages | null = null;
  #isStopping = false;
  #isTicking = false;
  /** A sensor was given up after a failure, and nothing of it may come to open it again. */
  #hasLost = false;
  /** Nothing of the partition waits on the server or here. */
  #isQuiet = false;

  constructor(partition: number, parts: PartitionParts) {
    this.#partition = partition;
    this.#parts = parts;
    this.#running = this.#run();
  }

  get nSensors(): number {
    return [...this.#sensors.values()].filter((sensor) => sensor !== null).length;
  }

  /** An operator's command to one of its sensors; one that is not open reads it when it is. */
  async obey(subject: string, command: StoredCommand): Promise<void> {
    await this.#do(subject, (sensor) => sensor.obey(command));
  }

  /** Time goes on: sensors of which nothing comes are told. */
  async tick(): Promise<void> {
    if (this.#isTicking) return;
    this.#isTicking = true;
    try {
      if (this.#hasLost && this.#isQuiet) await this.#openKnown();
      for (const subject of this.#sensors.keys()) {
        if (this.#isQuiet) await this.#do(subject, (sensor) => sensor.tick());
      }
    } catch (error) {
      this.#parts.tell(`partition ${this.#partition}: ${(error as Error).message}; it is tried again`);
    } finally {
      this.#isTicking = false;
    }
  }

  async #do(subject: string, work: (sensor: FleetSensor) => Promise<void>): Promise<void> {
    const sensor = this.#sensors.get(subject);
    try {
      if (sensor != null) await work(sensor);
    } catch (error) {
      if (this.#sensors.get(subject) === sensor) this.#sensors.delete(subject); // what the bucket says counts
      this.#hasLost = true;
      this.#parts.tell(`${subject}: ${(error as Error).message}`);
    }
  }

  /** Once the piece that is being scored is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#messages?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { fleet, prefetch, tell } = this.#parts;
    while (!this.#isStopping && !fleet.connection.isClosed()) {
      try {
        await this.#openKnown();
        const consumer = await fleet.client.consumers.get(fleet.audioStream, `partition-${this.#partition}`);
        this.#deliveries = new FirstDeliveries(); // what came before may have waited here, and is delivered again
        this.#messages = await consumer.consume({ max_messages: prefetch });
        this.#isQuiet = (await consumer.info(true)).num_pending === 0;
        if (this.#isStopping) this.#messages.stop();
        for await (const message of this.#messages) {
          this.#isQuiet = false;
          await this.#take(message);
          this.#isQuiet = message.info.pending === 0;
          if (this.#isStopping) break;
        }
      } catch (error) {
        this.#isQuiet = false;
        this.#messages?.stop();
        this.#sensors.clear(); // what the bucket says counts
        if (this.#isStopping) return;
        tell(`partition ${this.#partition}: ${(error as Error).message}; it is tried again`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #take(message: JsMsg): Promise<void> {
    const { keepAlive } = this.#parts;
    const { reply } = message as JsMsg & { reply: string }; // left out of the type, needed by the other connection
    keepAlive.add(reply);
    try {
      await this.#score(message);
      message.ack();
    } finally {
      keepAlive.remove(reply);
    }
  }

  async #score(message: JsMsg): Promise<void> {
    const { tell } = this.#parts;
    const { subject, info } = message;
    const isNext = this.#deliveries.isNext(subject, info);
    let piece: ReturnType<typeof decodePiece>;
    try {
      piece = decodePiece(message.data, message.headers);
    } catch (error) {
      tell(`${subject}: ${(error as Error).message}`); // it will not get better: it is acknowledged
      return;
    }
    const known = this.#sensors.get(subject);
    const sensor = known === undefined ? await this.#open(subject, piece.machineId) : known;
    const arrivedAt = message.time.getTime();
    // One that was opened just now goes on where it was remembered, which the next piece need not follow.
    await sensor?.take(
      { piece, place: message.seq, arrivedAt, isNext: isNext && known !== undefined },
      subject,
    );
    if (this.#sensors.get(subject) === sensor) this.#deliveries.took(subject, info);
  }

  /** Sensors that were heard before: of one that has fallen silent nothing may come to tell it. */
  async #openKnown(): Promise<void> {
    const { fleet } = this.#parts;
    const names = await SensorRecord.known(fleet, this.#partition);
    const subjects = names.map(({ site, asset, sensor }) =>
      [fleet.audio, this.#partition, site, asset, sensor].join('.'),
    );
    const missing = subjects.filter((subject) => !this.#sensors.has(subject));
    this.#hasLost = false;
    const opening = missing.map((subject) =>
      this.#open(subject, '').catch((error: Error) => this.#parts.tell(`${subject}: ${error.message}`)),
    );
    await Promise.all(opening); // one that cannot be opened waits for its next piece
  }

  async #open(subject: string, machineId: string): Promise<FleetSensor | null> {
    const { sensorOptions: optionsOf, ...parts } = this.#parts;
    const partition = this.#partition;
    const sensor = await FleetSensor.open(nameOfSubject(subject, machineId), {
      ...parts,
      optionsOf,
      partition,
    });
    this.#deliveries.forget(subject);
    this.#sensors.set(subject, sensor);
    return sensor;
  }
}
