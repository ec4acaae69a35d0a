import { encodeWav } from '@serial-oe/audio-features';
import type { App } from '../app';
import type { SessionFacts, StoredEvent } from '../store';
import type { Sound, SoundEvent, WindowScore } from '../worker/protocol';

/** Of an event, what is kept before and after it, and how much at most about its peak. */
const AROUND_SECONDS = 2;
const MAX_SECONDS = 25;
/** Scores are kept that often, in seconds of sound, and at most so many at once. */
const KEEP_EVERY_SECONDS = 10;
const MAX_AT_ONCE = 600;

/** What one listening brings; it goes to the history. */
export class LiveSession {
  readonly facts: SessionFacts;
  readonly windows: WindowScore[] = [];
  readonly events: SoundEvent[] = [];
  readonly #app: App;
  /** Windows that are in the history. */
  #nKept = 0;
  #keptUntil = 0;
  #keeping: Promise<void> = Promise.resolve();

  constructor(app: App, source: string) {
    this.#app = app;
    this.facts = { startedAt: Date.now(), source, model: app.facts!.name, machineId: app.machineId };
  }

  addScore(score: WindowScore): void {
    this.windows.push(score);
    if (score.endTime - this.#keptUntil < KEEP_EVERY_SECONDS) return;
    this.#keptUntil = score.endTime;
    void this.#keep();
  }

  /** The event with its sound, out of what the worker remembers. */
  async addEvent(event: SoundEvent): Promise<StoredEvent> {
    this.events.push(event);
    const { peak } = event;
    const from = Math.max(0, Math.min(event.time - AROUND_SECONDS, peak.time), peak.time - MAX_SECONDS);
    const to = Math.min(Math.max(event.endTime + AROUND_SECONDS, peak.endTime), peak.endTime + MAX_SECONDS);
    const sound = await this.#app.scorer.call('heard', { time: from, endTime: to });
    const stored: StoredEvent = {
      ...this.facts,
      startedAt: this.facts.startedAt + 1000 * event.time,
      ...{ seconds: event.endTime - event.time, peakScore: peak.anomalyScore, peakSeverity: peak.severity },
      ...{ threshold: peak.threshold, wav: floatWav(sound) },
      ...{ peakTime: peak.time - from, peakEndTime: peak.endTime - from },
    };
    await this.#app.store.putEvent(stored);
    return stored;
  }

  /** No more will come. */
  end(): Promise<void> {
    return this.#keep();
  }

  /** Writes what is new, not all anew every ten seconds of a day. What could not be kept is tried again with what comes. */
  #keep(): Promise<void> {
    this.#keeping = this.#keeping.then(async () => {
      while (this.#nKept < this.windows.length) {
        const part = this.windows.slice(this.#nKept, this.#nKept + MAX_AT_ONCE);
        if (!(await this.#app.store.appendScores(this.facts, part))) return;
        this.#nKept += part.length;
      }
    });
    return this.#keeping;
  }
}

/** Sample for sample what was scored. */
export function floatWav({ waveform, sampleRate }: Sound): Uint8Array<ArrayBuffer> {
  const audio = { sampleRate, channels: [waveform] };
  return encodeWav(audio, { encoding: 'float', bitDepth: 32 }) as Uint8Array<ArrayBuffer>;
}
