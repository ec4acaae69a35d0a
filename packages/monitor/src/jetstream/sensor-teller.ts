import { headers } from '@nats-io/transport-node';
import type { MonitorEvent, ScoreEvent, SensorName, SensorStart } from '../events';
import type { HearingMemory } from '../hearing/hearing-watch';
import { SensorStates } from '../sinks/sensor-states';
import type { Fleet } from './open-fleet';
import { sensorSubject } from './subjects';

const ACK_MS = 5000;
const WINDOW_HEADER = 'Serial-OE-Window';

/** A window by its stream and its first sample. */
export interface WindowName {
  stream: number;
  start: number;
}

/**
 * Tells the fleet of one sensor. Message IDs are made of what is told, so that a node which goes on after a death, and computes it again,
 * tells nothing twice.
 */
export class SensorTeller {
  readonly #fleet: Fleet;
  readonly #name: SensorName;
  readonly #subject: string;
  readonly #onEvent: (event: MonitorEvent) => void;
  readonly #states = new SensorStates();
  /** The last window whose score stands in the results. */
  readonly #told: WindowName;

  private constructor(
    { fleet, name, onEvent }: { fleet: Fleet; name: SensorName; onEvent: (event: MonitorEvent) => void },
    told: WindowName,
  ) {
    this.#fleet = fleet;
    this.#name = name;
    this.#subject = `${fleet.base}.${sensorSubject('monitor.FleetNode', name)}`;
    this.#onEvent = onEvent;
    this.#told = told;
  }

  static async open(parts: {
    fleet: Fleet;
    name: SensorName;
    onEvent: (event: MonitorEvent) => void;
  }): Promise<SensorTeller> {
    const { manager, base } = parts.fleet;
    const last = await manager.streams.getMessage(`${base}-results`, {
      last_by_subj: `${base}.${sensorSubject('monitor.FleetNode', parts.name)}.score`,
    });
    const [stream = -1, start = -1] = (last?.header.get(WINDOW_HEADER) || '-1/-1').split('/').map(Number);
    return new SensorTeller(parts, { stream, start });
  }

  /** What is known before the first event. */
  start(start: SensorStart, hearing: HearingMemory | null): void {
    this.#states.start(start);
    if (hearing === null || hearing.state === 'HEALTHY') return;
    const { name, time } = start;
    const faults = hearing.since.map(([fault]) => fault);
    const message = `${name.asset}: it was not heard before`;
    this.#states.take({
      kind: 'hearing',
      name,
      time,
      state: hearing.state,
      before: 'HEALTHY',
      faults,
      message,
    });
  }

  /** A window's events, then its score, which says that all of them stand there. */
  async window(events: readonly MonitorEvent[], score: ScoreEvent, window: WindowName): Promise<void> {
    const { stream, start } = this.#told;
    const isTold = window.stream < stream || (window.stream === stream && window.start <= start);
    if (isTold) {
      for (const event of [...events, score]) await this.#tellState(event);
      return;
    }
    const id = `${window.stream}/${window.start}`;
    await this.events(events, id);
    await this.#tell(score, { kind: 'score', id, window: id });
  }

  /** @param id of all of them, among all that is told of the sensor */
  async events(events: readonly MonitorEvent[], id: string): Promise<void> {
    for (const [i, event] of events.entries()) await this.#tell(event, { kind: 'event', id: `${id}/${i}` });
  }

  async #tell(
    event: MonitorEvent,
    { kind, id, window }: { kind: string; id: string; window?: string },
  ): Promise<void> {
    const fields = headers();
    if (window !== undefined) fields.set(WINDOW_HEADER, window);
    const { duplicate } = await this.#fleet.client.publish(
      `${this.#subject}.${kind}`,
      JSON.stringify(event),
      {
        ...{ headers: fields, timeout: ACK_MS, retries: 5, msgID: `${this.#subject}/${id}` },
      },
    );
    await this.#tellState(event);
    if (!duplicate) this.#onEvent(event);
  }

  async #tellState(event: MonitorEvent): Promise<void> {
    if (!this.#states.take(event)) return;
    const state = JSON.stringify(this.#states.of(this.#name));
    await this.#fleet.client.publish(`${this.#subject}.state`, state, { timeout: ACK_MS, retries: 5 });
  }
}
