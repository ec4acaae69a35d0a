import { randomUUID } from 'node:crypto';
import { type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import {
  ABOVE_ZERO,
  checkKind,
  checkNumber,
  checkOptions,
  type OptionNames,
  wholeNumber,
} from '@serial-oe/foundation';
import type { MonitorEvent, SensorName } from '../events';
import type { EventClipsOptions } from '../node/clips/event-clips';
import { Claims } from './claims';
import type { FleetSensorOptions } from './fleet-sensor';
import { KeepAlive } from './keep-alive';
import type { Fleet } from './open-fleet';
import { PartitionRunner } from './partition-runner';
import { ScoringQueue } from './scoring-queue';
import { partitionOf } from './subjects';

export interface FleetNodeOptions {
  /** How a sensor is scored; null for one that this fleet does not score. All nodes must say the same. */
  sensorOptions: (name: SensorName) => FleetSensorOptions | null;
  /** Keeps the sound around alarms, on this node. Default: not. All nodes must say the same of how much. */
  clips?: EventClipsOptions | undefined;
  /** Windows that are scored at once: as many as the scorers have threads. Default 1. */
  nAtOnce?: number | undefined;
  /** Pieces of a partition that are fetched ahead; default 8. */
  prefetch?: number | undefined;
  /** Scoring that keeps the main thread for longer is taken for a death, seconds; default 120. */
  maxStallSeconds?: number | undefined;
  /** What this node has told the fleet. */
  onEvent?: ((event: MonitorEvent) => void) | undefined;
  onMessage?: ((message: string) => void) | undefined;
}

const OPTIONS: OptionNames<FleetNodeOptions> = {
  sensorOptions: true,
  clips: true,
  nAtOnce: true,
  prefetch: true,
  maxStallSeconds: true,
  onEvent: true,
  onMessage: true,
};

const TICK_MS = 1000;
/** Of `ackWaitSeconds`: a dead node's partitions are taken over well before its pieces are given out again. */
const LEASE_SHARE = 0.5;

/**
 * Scores the sensors of a fleet, together with other nodes. Each takes its share of the partitions; one that is killed, or hears nothing of
 * the server, loses its partitions to the others within `ackWaitSeconds`, and they go on with the same windows, alarms and drift. Scores
 * and events stand in the stream `<base>-results`, each once.
 *
 * @example
 * const fleet = await openFleet({ servers: 'nats://localhost' });
 * const node = new FleetNode(fleet, { sensorOptions: () => ({ scorer, hopSeconds: 5 }) });
 * await node.start();
 */
export class FleetNode {
  readonly id = randomUUID();
  readonly #fleet: Fleet;
  readonly #options: FleetNodeOptions;
  readonly #leaseMs: number;
  readonly #claims: Claims;
  readonly #runners = new Map<number, PartitionRunner>();
  readonly #scoring: ScoringQueue;
  #keepAlive: KeepAlive | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ticks: NodeJS.Timeout | undefined;
  #commands: ConsumerMessages | null = null;
  #looking: Promise<void> = Promise.resolve();

  /** @throws RangeError or TypeError naming the option */
  constructor(fleet: Fleet, options: FleetNodeOptions) {
    const where = 'monitor.FleetNode';
    checkOptions(where, options, OPTIONS);
    checkKind(`${where}: sensorOptions`, options.sensorOptions, 'function');
    checkNumber(`${where}: prefetch`, options.prefetch ?? 8, wholeNumber(1, 10_000));
    checkNumber(`${where}: maxStallSeconds`, options.maxStallSeconds ?? 120, ABOVE_ZERO);
    const nAtOnce = checkNumber(`${where}: nAtOnce`, options.nAtOnce ?? 1, wholeNumber(1, 1024));
    this.#scoring = new ScoringQueue(nAtOnce);
    this.#fleet = fleet;
    this.#options = options;
    this.#leaseMs = 1000 * LEASE_SHARE * fleet.ackWaitSeconds;
    this.#claims = new Claims(fleet, { id: this.id, leaseMs: this.#leaseMs });
  }

  /** Partitions whose sensors this node scores now. */
  get partitions(): number[] {
    return [...this.#runners.keys()].sort((a, b) => a - b);
  }

  /** Sensors that this node has heard. */
  get nSensors(): number {
    return [...this.#runners.values()].reduce((sum, runner) => sum + runner.nSensors, 0);
  }

  /** @throws Error where the server cannot be reached */
  async start(): Promise<void> {
    if (this.#keepAlive !== null) throw new Error('monitor.FleetNode.start: it must be called only once.');
    const { connectOptions, bucketName, ackWaitSeconds } = this.#fleet;
    this.#keepAlive = new KeepAlive({
      ...{ connect: connectOptions, beatSubject: `$KV.${bucketName}.node.${this.id}` },
      ...{ beatMs: this.#leaseMs / 4, workingMs: (1000 * ackWaitSeconds) / 3 },
      stallMs: 1000 * (this.#options.maxStallSeconds ?? 120),
    });
    await this.#keepAlive.ready;
    await this.#claims.watch();
    await this.#listenToOperators();
    await this.#look();
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#timer = setInterval(() => {
      this.#looking = this.#looking
        .then(() => this.#look())
        .catch((error: Error) => this.#tell(error.message));
    }, this.#leaseMs / 8);
  }

  /** Finishes the pieces that are being scored and hands the partitions over. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#ticks);
    this.#commands?.stop();
    await this.#looking;
    await Promise.all(this.partitions.map((partition) => this.#giveUp(partition)));
    await this.#keepAlive?.stop();
    this.#claims.close();
    if (!this.#fleet.connection.isClosed())
      await this.#fleet.bucket.delete(`node.${this.id}`).catch(() => {});
  }

  /** Takes what is free, up to the share, and gives up what is above it or lost. */
  async #look(): Promise<void> {
    const { share, free } = this.#claims;
    for (const partition of shuffledFrom(free, this.id)) {
      if (this.#claims.mine.length >= share) break;
      await this.#claims.claim(partition);
    }
    const mine = new Set(this.#claims.mine);
    for (const partition of this.partitions) if (!mine.has(partition)) await this.#giveUp(partition);
    for (const partition of [...mine].slice(share)) {
      await this.#giveUp(partition);
      mine.delete(partition);
    }
    for (const partition of mine) if (!this.#runners.has(partition)) this.#run(partition);
  }

  #tick(): void {
    for (const runner of this.#runners.values()) void runner.tick();
  }

  /** Each node hears all commands; a sensor that nobody has at the moment finds them in the stream. */
  async #listenToOperators(): Promise<void> {
    const { client, commandStream, audio, nPartitions } = this.#fleet;
    const consumer = await client.consumers.get(commandStream, { deliver_policy: DeliverPolicy.New });
    this.#commands = await consumer.consume();
    const messages = this.#commands;
    void (async () => {
      for await (const message of messages) {
        const [, site = '', asset = '', sensor = ''] = message.subject.split('.');
        const partition = partitionOf({ site, asset, sensor }, nPartitions);
        const command = { text: message.string(), place: message.seq, arrivedAt: message.time.getTime() };
        const subject = [audio, partition, site, asset, sensor].join('.');
        void this.#runners.get(partition)?.obey(subject, command); // in the sensor's own order; the others do not wait for it
      }
    })().catch((error: Error) => this.#tell(`commands: ${error.message}`));
  }

  #run(partition: number): void {
    const { sensorOptions, prefetch = 8, clips, onEvent = () => {} } = this.#options;
    const runner = new PartitionRunner(partition, {
      ...{ fleet: this.#fleet, scoring: this.#scoring, sensorOptions, prefetch, clips, onEvent },
      ...{ keepAlive: this.#keepAlive!, tell: (message) => this.#tell(message) },
    });
    this.#runners.set(partition, runner);
  }

  async #giveUp(partition: number): Promise<void> {
    const runner = this.#runners.get(partition);
    this.#runners.delete(partition);
    await runner?.stop();
    await this.#claims.release(partition);
  }

  #tell(message: string): void {
    this.#options.onMessage?.(message);
  }
}

/** Nodes that start together begin at other partitions. */
function shuffledFrom(partitions: readonly number[], id: string): number[] {
  const start = partitions.length === 0 ? 0 : Number.parseInt(id.slice(0, 8), 16) % partitions.length;
  return [...partitions.slice(start), ...partitions.slice(0, start)];
}
