import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { SensorName } from '../events';
import { decodePiece, nameOfSubject } from './audio-messages';
import { FleetSensor, type FleetSensorOptions, type FleetSensorParts } from './fleet-sensor';
import type { KeepAlive } from './keep-alive';

export interface PartitionParts extends FleetSensorParts {
  sensorOptions: (name: SensorName) => FleetSensorOptions | null;
  keepAlive: KeepAlive;
  prefetch: number;
  tell: (message: string) => void;
}

const RETRY_MS = 1000;

/** The sensors of one partition, while this node has it. */
export class PartitionRunner {
  readonly #partition: number;
  readonly #parts: PartitionParts;
  readonly #sensors = new Map<string, FleetSensor | null>();
  readonly #running: Promise<void>;
  #messages: ConsumerMessages | null = null;
  #isStopping = false;

  constructor(partition: number, parts: PartitionParts) {
    this.#partition = partition;
    this.#parts = parts;
    this.#running = this.#run();
  }

  get nSensors(): number {
    return [...this.#sensors.values()].filter((sensor) => sensor !== null).length;
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
        const consumer = await fleet.client.consumers.get(fleet.audioStream, `partition-${this.#partition}`);
        this.#messages = await consumer.consume({ max_messages: prefetch });
        if (this.#isStopping) this.#messages.stop();
        for await (const message of this.#messages) {
          await this.#take(message);
          if (this.#isStopping) break;
        }
      } catch (error) {
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
    let piece: ReturnType<typeof decodePiece>;
    try {
      piece = decodePiece(message.data, message.headers);
    } catch (error) {
      tell(`${message.subject}: ${(error as Error).message}`); // it will not get better: it is acknowledged
      return;
    }
    let sensor = this.#sensors.get(message.subject);
    if (sensor === undefined) {
      const name = nameOfSubject(message.subject, piece.machineId);
      const options = this.#parts.sensorOptions(name);
      sensor = options === null ? null : await FleetSensor.open(name, options, this.#parts);
      this.#sensors.set(message.subject, sensor);
    }
    await sensor?.take({ ...piece, place: message.seq }, message.subject);
  }
}
