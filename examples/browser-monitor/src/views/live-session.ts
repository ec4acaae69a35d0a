import { encodeWav } from '@serial-oe/audio-features';
import type { App } from '../app';
import type { StoredEvent, StoredSession } from '../store';
import type { Sound, SoundEvent, WindowScore } from '../worker/protocol';

/** Of an event, what is kept before and after it, and how much at most about its peak. */
const AROUND_SECONDS = 2;
const MAX_SECONDS = 25;
/** Scores are kept that often, ms. */
const KEEP_EVERY_MS = 10_000;

/** What one listening brings; it goes to the history. */
export class LiveSession {
  readonly session: StoredSession;
  readonly events: SoundEvent[] = [];
  #keptAt = 0;
  readonly #app: App;

  constructor(app: App, source: string) {
    this.#app = app;
    this.session = {
      ...{ startedAt: Date.now(), source, windows: [] },
      ...{ model: app.facts!.name, machineId: app.machineId },
    };
  }

  get windows(): WindowScore[] {
    return this.session.windows;
  }

  addScore(score: WindowScore): void {
    this.session.windows.push(score);
    if (performance.now() - this.#keptAt < KEEP_EVERY_MS) return;
    this.#keptAt = performance.now();
    void this.#app.store.putSession(this.session);
  }

  /** The event with its sound, out of what the worker remembers. */
  async addEvent(event: SoundEvent): Promise<StoredEvent> {
    this.events.push(event);
    const { peak } = event;
    const from = Math.max(0, Math.min(event.time - AROUND_SECONDS, peak.time), peak.time - MAX_SECONDS);
    const to = Math.min(Math.max(event.endTime + AROUND_SECONDS, peak.endTime), peak.endTime + MAX_SECONDS);
    const sound = await this.#app.scorer.call('heard', { time: from, endTime: to });
    const stored: StoredEvent = {
      startedAt: this.session.startedAt + 1000 * event.time,
      ...{ source: this.session.source, model: this.session.model, machineId: this.session.machineId },
      ...{ seconds: event.endTime - event.time, peakScore: peak.anomalyScore, peakSeverity: peak.severity },
      ...{ threshold: peak.threshold, wav: floatWav(sound) },
      ...{ peakTime: peak.time - from, peakEndTime: peak.endTime - from },
    };
    await this.#app.store.putEvent(stored);
    return stored;
  }

  /** No more will come. */
  async end(): Promise<void> {
    if (this.windows.length > 0) await this.#app.store.putSession(this.session);
  }
}

/** Sample for sample what was scored. */
export function floatWav({ waveform, sampleRate }: Sound): Uint8Array<ArrayBuffer> {
  const audio = { sampleRate, channels: [waveform] };
  return encodeWav(audio, { encoding: 'float', bitDepth: 32 }) as Uint8Array<ArrayBuffer>;
}
