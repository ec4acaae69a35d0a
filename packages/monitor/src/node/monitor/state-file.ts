import { readFileSync } from 'node:fs';
import type { AlarmJSON } from '@serial-oe/decision';
import { checkKind, readJson } from '@serial-oe/foundation';
import { writeFileAtomically } from '@serial-oe/runtime/node/files';
import type { DriftMemory } from './sensor-drift';

const KIND = 'monitorState';
const VERSION = 1;
/** What changes all the time is written so often, seconds. */
const EVERY_SECONDS = 5;

/** What a monitor remembers of a sensor over a restart. */
export interface SensorMemory {
  /** End of the last window that was scored, Unix time, seconds; null before one was. */
  lastTime: number | null;
  /** Null before the first score. */
  alarm: AlarmJSON | null;
  /** Null where the model holds too few normal scores to tell a drift. */
  drift: DriftMemory | null;
}

/** The memory of all sensors in one file, which is whole at any moment. */
export class StateFile {
  readonly #path: string | null;
  /** Asked when the file is written, which is seldom. */
  readonly #sensors = new Map<string, () => SensorMemory>();
  #savedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();

  /**
   * @param path null for memory alone
   * @throws RangeError or TypeError for a file that is no state of a monitor: it is not overwritten
   */
  constructor(path: string | null) {
    this.#path = path;
    const text = path === null ? null : readIfThere(path);
    if (text === null) return;
    const where = `monitor: the state file ${path}`;
    const { sensors } = readJson(where, text, { kind: KIND, version: VERSION });
    for (const [key, memory] of Object.entries(checkKind(`${where}: sensors`, sensors, 'object'))) {
      const read = checkKind(`${where}: ${key}`, memory, 'object') as SensorMemory;
      this.#sensors.set(key, () => read);
    }
  }

  of(key: string): SensorMemory {
    return this.#sensors.get(key)?.() ?? { lastTime: null, alarm: null, drift: null };
  }

  /**
   * @param memory what is remembered of the sensor, at any time
   * @param now seconds; @param isUrgent whether something changed that must not be lost
   */
  async set(
    key: string,
    memory: () => SensorMemory,
    { now, isUrgent }: { now: number; isUrgent: boolean },
  ): Promise<void> {
    this.#sensors.set(key, memory);
    if (isUrgent || now - this.#savedAt >= EVERY_SECONDS) {
      this.#savedAt = now;
      await this.save();
    }
  }

  /** One writing after the other. */
  save(): Promise<void> {
    const path = this.#path;
    if (path === null) return Promise.resolve();
    const before = this.#saving.catch(() => {}); // told to whoever waited for it
    this.#saving = before.then(() => {
      const sensors = Object.fromEntries([...this.#sensors].map(([key, memory]) => [key, memory()]));
      return writeFileAtomically(
        path,
        `${JSON.stringify({ kind: KIND, version: VERSION, sensors }, null, 1)}\n`,
      );
    });
    return this.#saving;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
