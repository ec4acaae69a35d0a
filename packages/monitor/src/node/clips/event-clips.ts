import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWav } from '@serial-oe/audio-features/node';
import { AT_LEAST_ZERO, checkNumber } from '@serial-oe/foundation';
import type { SensorName } from '../../events';
import { pruneClips, type Retention } from './prune-clips';

export interface EventClipsOptions extends Retention {
  folder: string;
  /** Sound before the window that raised the alarm, seconds. Default 5. */
  beforeSeconds?: number | undefined;
  /** Sound behind it, seconds. Default 10. */
  afterSeconds?: number | undefined;
}

/** An event whose sound is to be kept, plain JSON. */
export interface PendingClip {
  name: SensorName;
  time: number;
  until: number;
  from: number;
  severity: number | undefined;
}

/** What of a stream an event needs. */
interface Stream {
  recent(time: number, endTime: number): Float32Array;
}

const DEFAULTS = { beforeSeconds: 5, afterSeconds: 10 };

/** Keeps the sound around events of one stream as lossless WAV (float32, as it was scored), mono at the scorer's rate. */
export class EventClips {
  readonly #options: EventClipsOptions & typeof DEFAULTS;
  readonly #pending: PendingClip[];

  /** @param pending of another one, whose sound is still to come */
  constructor(options: EventClipsOptions, pending: readonly PendingClip[] = []) {
    this.#pending = [...pending];
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.#options = { ...DEFAULTS, ...(given as EventClipsOptions) };
    for (const name of ['beforeSeconds', 'afterSeconds'] as const) {
      checkNumber(`monitor.clips: ${name}`, this.#options[name], AT_LEAST_ZERO);
    }
  }

  /** Those whose sound has not come as a whole. */
  get pending(): readonly PendingClip[] {
    return this.#pending;
  }

  get beforeSeconds(): number {
    return this.#options.beforeSeconds;
  }

  /** Sound that a stream has to keep beside what waits, seconds. */
  historySeconds(windowSeconds: number): number {
    return this.#options.beforeSeconds + windowSeconds + this.#options.afterSeconds + windowSeconds;
  }

  /** The window of `time` to `endTime` raised an alarm. */
  mark(name: SensorName, event: { time: number; endTime: number; severity?: number | undefined }): void {
    const { beforeSeconds, afterSeconds } = this.#options;
    this.#pending.push({
      ...{ name, time: event.time, severity: event.severity },
      ...{ from: event.time - beforeSeconds, until: event.endTime + afterSeconds },
    });
  }

  /**
   * Writes what has come as a whole.
   * @param heardUntil end of the sound so far; Infinity where no more will come
   * @returns paths of the files with the events they are of
   */
  async save(
    stream: Stream,
    { sampleRate, heardUntil }: { sampleRate: number; heardUntil: number },
  ): Promise<{ path: string; event: PendingClip }[]> {
    const saved: { path: string; event: PendingClip }[] = [];
    const ready = this.#pending.filter(({ until }) => heardUntil >= until);
    for (const event of ready) {
      this.#pending.splice(this.#pending.indexOf(event), 1);
      const waveform = stream.recent(event.from, event.until);
      if (waveform.length === 0) continue;
      const path = join(this.#options.folder, clipName(event));
      await mkdir(this.#options.folder, { recursive: true });
      await writeWav(path, { sampleRate, channels: [waveform] }, { encoding: 'float', bitDepth: 32 });
      saved.push({ path, event });
    }
    if (saved.length > 0) await pruneClips(this.#options.folder, this.#options);
    return saved;
  }
}

/** `20261129T193000.250Z_plant_pump-3_mic-1_severity-61.wav`: sorts by time, and each field can be read. */
function clipName({ name: { site, asset, sensor }, time, severity }: PendingClip): string {
  const utc = new Date(1000 * time).toISOString().replace(/[-:]/g, '');
  const fields = [site, asset, sensor].map((field) => field.replace(/[^\p{L}\p{N}.-]+/gu, '-'));
  const tail = severity === undefined ? [] : [`severity-${Math.round(severity)}`];
  return `${[utc, ...fields, ...tail].join('_')}.wav`;
}
