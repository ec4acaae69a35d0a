import { JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import { checkKind, readJson } from '@serial-oe/foundation';
import type { SensorName } from '../events';
import type { HearingMemory } from '../hearing/hearing-watch';
import type { PendingClip } from '../node/clips/event-clips';
import type { SensorMemory } from '../node/monitor/state-file';
import type { Fleet } from './open-fleet';
import type { WindowPlace } from './sensor-windows';

const KIND = 'fleetSensor';
const VERSION = 1;

/** What the fleet remembers of a sensor: enough for another node to go on with the same scores and alarms. */
export interface FleetMemory extends SensorMemory, WindowPlace {
  /** Null before any was heard. */
  machineId: string | null;
  hearing: HearingMemory | null;
  /** Changes of hearing that were told. */
  nHearing: number;
  /** Dropped windows that were told of. */
  nDroppedTold: number;
  /** Place of the last command that was obeyed. */
  command: number;
  /** Events whose sound is still to be kept. */
  clips: readonly PendingClip[];
}

const NOTHING: FleetMemory = {
  ...{ stream: 0, next: 0, heard: 0, place: 1, position: 0, sampleRate: 0, nDropped: 0 },
  ...{ lastTime: null, alarm: null, drift: null },
  ...{ machineId: null, hearing: null, nHearing: 0, nDroppedTold: 0, command: 0, clips: [] },
};

/** A node has lost a sensor to another one: what it holds of it counts no longer. */
export class LostSensorError extends Error {
  override name = 'LostSensorError';
}

/** The memory of one sensor in the bucket; writing it fails for whoever does not hold its latest version. */
export class SensorRecord {
  readonly #fleet: Fleet;
  readonly #key: string;
  #revision = 0;

  /** @param subject `site.asset.sensor` */
  constructor(fleet: Fleet, { subject, partition }: { subject: string; partition: number }) {
    this.#fleet = fleet;
    this.#key = `sensor.${partition}.${bucketKey(subject)}`;
  }

  /** Sensors of a partition that anybody has heard. */
  static async known(fleet: Fleet, partition: number): Promise<Omit<SensorName, 'machineId'>[]> {
    const names: Omit<SensorName, 'machineId'>[] = [];
    for await (const key of await fleet.bucket.keys(`sensor.${partition}.>`)) {
      const [, , site = '', asset = '', sensor = ''] = key.split('.').map(textOfKey);
      names.push({ site, asset, sensor });
    }
    return names;
  }

  /** @throws RangeError or TypeError for what is no memory of a sensor */
  async read(): Promise<FleetMemory> {
    const entry = await this.#fleet.bucket.get(this.#key);
    this.#revision = entry?.revision ?? 0;
    if (entry === null || entry.operation !== 'PUT') return NOTHING;
    const where = `monitor: the memory ${this.#key}`;
    const { memory } = readJson(where, entry.string(), { kind: KIND, version: VERSION });
    return checkKind(`${where}: memory`, memory, 'object') as FleetMemory;
  }

  /** @throws LostSensorError where another has written since */
  async write(memory: FleetMemory): Promise<void> {
    const text = JSON.stringify({ kind: KIND, version: VERSION, memory });
    const revision = await writeOver(this.#fleet.bucket, { key: this.#key, text, revision: this.#revision });
    if (revision === null) throw new LostSensorError(`monitor: another node goes on with ${this.#key}`);
    this.#revision = revision;
  }
}

const WRONG_REVISION = 10_071;

/**
 * Writes over the version that was seen, 0 for none.
 * @returns the new version; null where another has written since
 */
export async function writeOver(
  bucket: KV,
  { key, text, revision }: { key: string; text: string; revision: number },
): Promise<number | null> {
  try {
    return await (revision === 0 ? bucket.create(key, text) : bucket.update(key, text, revision));
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === WRONG_REVISION) return null;
    throw error;
  }
}

/** Keys of a bucket have ASCII letters, digits and - _ . alone: other characters are written as the hexadecimal digits of their UTF-8. */
function bucketKey(subject: string): string {
  return subject.replace(
    /[^-\w.]/gu,
    (text) =>
      `=${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}=`,
  );
}

function textOfKey(key: string): string {
  const bytesOf = (hex: string) =>
    Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return key.replace(/=([0-9a-f]+)=/g, (_, hex: string) => new TextDecoder().decode(bytesOf(hex)));
}
