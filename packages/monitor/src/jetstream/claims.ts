import type { KvWatchEntry } from '@nats-io/kv';
import type { Fleet } from './open-fleet';
import { writeOver } from './sensor-memory';

interface Seen {
  value: string;
  revision: number;
  /** By this process' own clock, ms: no clocks of machines are compared. */
  at: number;
}

/**
 * Which node has which partition: `claim.<partition>` in the bucket holds a node's ID, and `node.<id>` is written again and again while the
 * node lives. A claim is taken over by writing over the version that was seen, which only one can.
 */
export class Claims {
  readonly #fleet: Fleet;
  readonly #id: string;
  readonly #leaseMs: number;
  readonly #claims = new Map<number, Seen>();
  readonly #nodes = new Map<string, Seen>();
  #stopWatching: () => void = () => {};

  constructor(fleet: Fleet, { id, leaseMs }: { id: string; leaseMs: number }) {
    this.#fleet = fleet;
    this.#id = id;
    this.#leaseMs = leaseMs;
  }

  /** Follows the bucket until {@link close}. */
  async watch(): Promise<void> {
    const watches = await Promise.all(['node.*', 'claim.*'].map((key) => this.#fleet.bucket.watch({ key })));
    this.#stopWatching = () => {
      for (const watch of watches) watch.stop();
    };
    for (const watch of watches) {
      void (async () => {
        for await (const entry of watch) this.#see(entry);
      })();
    }
  }

  close(): void {
    this.#stopWatching();
  }

  get mine(): number[] {
    return [...this.#claims].filter(([, { value }]) => value === this.#id).map(([partition]) => partition);
  }

  /** How many partitions this node should have. */
  get share(): number {
    const others = [...this.#nodes.keys()].filter((id) => id !== this.#id && this.#lives(id));
    return Math.ceil(this.#fleet.nPartitions / (others.length + 1));
  }

  /** Partitions that nobody has, or one who gave no sign of life for the time of a lease. */
  get free(): number[] {
    const all = Array.from({ length: this.#fleet.nPartitions }, (_, i) => i);
    return all.filter((partition) => {
      const owner = this.#claims.get(partition)?.value ?? '';
      return owner !== this.#id && !this.#lives(owner);
    });
  }

  /** @returns whether this node has it now */
  async claim(partition: number): Promise<boolean> {
    return this.#write(partition, this.#id);
  }

  async release(partition: number): Promise<void> {
    if (this.#claims.get(partition)?.value === this.#id) await this.#write(partition, '');
  }

  async #write(partition: number, value: string): Promise<boolean> {
    const before = this.#claims.get(partition)?.revision ?? 0;
    const key = `claim.${partition}`;
    const revision = await writeOver(this.#fleet.bucket, { key, text: value, revision: before });
    if (revision === null) return false; // another was quicker: seen at the next look
    this.#keep(partition, { value, revision, at: performance.now() });
    return true;
  }

  #lives(id: string): boolean {
    const node = this.#nodes.get(id);
    return node !== undefined && performance.now() - node.at < this.#leaseMs;
  }

  #see(entry: KvWatchEntry): void {
    const [kind, id = ''] = entry.key.split('.');
    const seen = { value: entry.string(), revision: entry.revision, at: performance.now() };
    if (kind === 'claim') this.#keep(Number(id), seen);
    else if (entry.operation === 'PUT') this.#nodes.set(id, seen);
    else this.#nodes.delete(id);
  }

  /** What is watched comes later than what was written here. */
  #keep(partition: number, seen: Seen): void {
    if ((this.#claims.get(partition)?.revision ?? 0) < seen.revision) this.#claims.set(partition, seen);
  }
}
