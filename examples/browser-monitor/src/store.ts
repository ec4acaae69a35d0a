import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import type { WindowScore } from './worker/protocol';

/** A machine that was fitted here. */
export interface StoredModel {
  name: string;
  madeAt: number;
  bundle: Uint8Array<ArrayBuffer>;
}

/** What one listening was of. */
export interface SessionFacts {
  /** When it began, ms. */
  startedAt: number;
  source: string;
  model: string;
  machineId: string;
}

/** One listening; its scores are kept beside it, as they came. */
export interface StoredSession extends SessionFacts {
  nWindows: number;
  /** The highest severity, or score where the model has no severity. */
  peak: number | null;
}

/** Scores of a session that follow one another. */
interface StoredScores {
  startedAt: number;
  /** How many windows of the session come before these. */
  first: number;
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
  scores: { key: [number, number]; value: StoredScores };
  events: { key: number; value: StoredEvent };
}
type Database = IDBPDatabase<Schema>;

const NAME = 'serial-oe-monitor';
const VERSION = 2;
/** So many are kept, and shown; each holds its sound. */
export const MAX_EVENTS = 200;
const MAX_SESSIONS = 200;
/** Of all sessions together: twelve days of a window a second, some 130 MB. */
const MAX_WINDOWS = 1_000_000;

/** What is kept in this browser. Where it keeps nothing, as in a private window, the page works on without. */
export class Store {
  readonly #database: Promise<Database | null>;
  readonly #onFailed: () => void;

  /** @param onFailed told where nothing can be kept */
  constructor(onFailed: () => void) {
    this.#onFailed = onFailed;
    this.#database = openDB<Schema>(NAME, VERSION, {
      async upgrade(database, oldVersion, ...[, transaction]) {
        if (oldVersion < 1) {
          database.createObjectStore('models', { keyPath: 'name' });
          database.createObjectStore('sessions', { keyPath: 'startedAt' });
          database.createObjectStore('events', { keyPath: 'startedAt' });
        }
        database.createObjectStore('scores', { keyPath: ['startedAt', 'first'] });
        if (oldVersion === 1) await splitSessions(transaction);
      },
      // Another tab has a newer page.
      blocking: (_, __, event) => (event.target as IDBDatabase).close(),
    }).catch(() => {
      onFailed();
      return null;
    });
  }

  async putModel(model: StoredModel): Promise<void> {
    await this.#write((database) => database.put('models', model));
  }

  /** Adds scores to those of a session, and resolves with whether they are kept. What is there already is not written again. */
  appendScores(of: SessionFacts, windows: WindowScore[]): Promise<boolean> {
    return this.#write(async (database) => {
      const transaction = database.transaction(['sessions', 'scores'], 'readwrite');
      const sessions = transaction.objectStore('sessions');
      const known = await sessions.get(of.startedAt);
      const before = known ?? { ...of, nWindows: 0, peak: null };
      const scores = { startedAt: of.startedAt, first: before.nWindows, windows };
      await Promise.all([
        transaction.objectStore('scores').add(scores),
        sessions.put(withWindows(before, windows)),
        transaction.done,
      ]);
      if (known === undefined) await pruneSessions(database);
    });
  }

  async putEvent(event: StoredEvent): Promise<void> {
    await this.#write(async (database) => {
      await database.put('events', event);
      const keys = await database.getAllKeys('events');
      for (const key of keys.slice(0, Math.max(0, keys.length - MAX_EVENTS)))
        await database.delete('events', key);
    });
  }

  models(): Promise<StoredModel[]> {
    return this.#read((database) => database.getAll('models'));
  }

  /** The latest first. */
  async sessions(): Promise<StoredSession[]> {
    return (await this.#read((database) => database.getAll('sessions'))).reverse();
  }

  /** All that is kept of a session, the earliest first. */
  async scoresOf(startedAt: number): Promise<WindowScore[]> {
    const parts = await this.#read((database) => database.getAll('scores', scoresOf(startedAt)));
    return parts.flatMap(({ windows }) => windows);
  }

  /** The latest first. */
  async events(): Promise<StoredEvent[]> {
    return (await this.#read((database) => database.getAll('events'))).reverse();
  }

  async removeModel(name: string): Promise<void> {
    await this.#write((database) => database.delete('models', name));
  }

  async clearHistory(): Promise<void> {
    await this.#write(async (database) => {
      await database.clear('sessions');
      await database.clear('scores');
      await database.clear('events');
    });
  }

  async #read<Kept>(work: (database: Database) => Promise<Kept[]>): Promise<Kept[]> {
    const database = await this.#database;
    if (database === null) return [];
    return work(database).catch(() => {
      this.#onFailed(); // a newer page has taken it over
      return [];
    });
  }

  /** Resolves with whether it was done. */
  async #write(work: (database: Database) => Promise<unknown>): Promise<boolean> {
    const database = await this.#database;
    if (database === null) return false;
    try {
      await work(database);
      return true;
    } catch {
      this.#onFailed(); // a full disk
      return false;
    }
  }
}

function withWindows(session: StoredSession, windows: readonly WindowScore[]): StoredSession {
  let { peak } = session;
  for (const { severity, anomalyScore } of windows)
    peak = Math.max(peak ?? -Infinity, severity ?? anomalyScore);
  return { ...session, nWindows: session.nWindows + windows.length, peak };
}

/** The keys of a session's scores. */
function scoresOf(startedAt: number): IDBKeyRange {
  return IDBKeyRange.bound([startedAt, 0], [startedAt, Number.MAX_VALUE]);
}

/** The oldest go; the latest stays, however long it is. */
async function pruneSessions(database: Database): Promise<void> {
  let [nSessions, nWindows] = [0, 0];
  for (const session of (await database.getAll('sessions')).reverse()) {
    nSessions += 1;
    nWindows += session.nWindows;
    if (nSessions === 1 || (nSessions <= MAX_SESSIONS && nWindows <= MAX_WINDOWS)) continue;
    await database.delete('scores', scoresOf(session.startedAt));
    await database.delete('sessions', session.startedAt);
  }
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** Before version 2 a session held its windows. */
async function splitSessions(transaction: Upgrade): Promise<void> {
  const sessions = transaction.objectStore('sessions');
  for (let cursor = await sessions.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    const { windows, ...facts } = cursor.value as unknown as SessionFacts & { windows: WindowScore[] };
    await transaction.objectStore('scores').put({ startedAt: facts.startedAt, first: 0, windows });
    await cursor.update(withWindows({ ...facts, nWindows: 0, peak: null }, windows));
  }
}
