import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { WindowScore } from './worker/protocol';

/** A machine that was fitted here. */
export interface StoredModel {
  name: string;
  madeAt: number;
  bundle: Uint8Array<ArrayBuffer>;
}

/** Scores of one listening. */
export interface StoredSession {
  /** When it began, ms. */
  startedAt: number;
  source: string;
  model: string;
  machineId: string;
  windows: WindowScore[];
}

/** An anomalous stretch, and its sound. */
export interface StoredEvent {
  /** When it began, ms. */
  startedAt: number;
  source: string;
  model: string;
  machineId: string;
  seconds: number;
  peakScore: number;
  peakSeverity: number | null;
  threshold: number;
  /** float32 WAV. */
  wav: Uint8Array<ArrayBuffer>;
  /** The window that scored highest, seconds within the sound. */
  peakTime: number;
  peakEndTime: number;
}

interface Schema extends DBSchema {
  models: { key: string; value: StoredModel };
  sessions: { key: number; value: StoredSession };
  events: { key: number; value: StoredEvent };
}

const NAME = 'serial-oe-monitor';
const MAX_EVENTS = 200;
const MAX_SESSIONS = 200;

/** What is kept in this browser. Where it keeps nothing, as in a private window, the page works on without. */
export class Store {
  readonly #database: Promise<IDBPDatabase<Schema> | null>;

  /** @param onFailed told once where nothing can be kept */
  constructor(onFailed: () => void) {
    this.#database = openDB<Schema>(NAME, 1, {
      upgrade(database) {
        database.createObjectStore('models', { keyPath: 'name' });
        database.createObjectStore('sessions', { keyPath: 'startedAt' });
        database.createObjectStore('events', { keyPath: 'startedAt' });
      },
    }).catch(() => {
      onFailed();
      return null;
    });
    this.#onFailed = onFailed;
  }
  readonly #onFailed: () => void;

  async putModel(model: StoredModel): Promise<void> {
    await this.#write((database) => database.put('models', model));
  }

  async putSession(session: StoredSession): Promise<void> {
    await this.#write(async (database) => {
      await database.put('sessions', session);
      await prune(database, 'sessions', MAX_SESSIONS);
    });
  }

  async putEvent(event: StoredEvent): Promise<void> {
    await this.#write(async (database) => {
      await database.put('events', event);
      await prune(database, 'events', MAX_EVENTS);
    });
  }

  async models(): Promise<StoredModel[]> {
    return (await (await this.#database)?.getAll('models')) ?? [];
  }

  /** The latest first. */
  async sessions(): Promise<StoredSession[]> {
    return ((await (await this.#database)?.getAll('sessions')) ?? []).reverse();
  }

  /** The latest first. */
  async events(): Promise<StoredEvent[]> {
    return ((await (await this.#database)?.getAll('events')) ?? []).reverse();
  }

  async removeModel(name: string): Promise<void> {
    await this.#write((database) => database.delete('models', name));
  }

  async clearHistory(): Promise<void> {
    await this.#write(async (database) => {
      await database.clear('sessions');
      await database.clear('events');
    });
  }

  async #write(work: (database: IDBPDatabase<Schema>) => Promise<unknown>): Promise<void> {
    const database = await this.#database;
    if (database === null) return;
    await work(database).catch(this.#onFailed); // a full disk
  }
}

/** The oldest go. */
async function prune(
  database: IDBPDatabase<Schema>,
  store: 'sessions' | 'events',
  most: number,
): Promise<void> {
  const keys = await database.getAllKeys(store);
  for (const key of keys.slice(0, Math.max(0, keys.length - most))) await database.delete(store, key);
}
