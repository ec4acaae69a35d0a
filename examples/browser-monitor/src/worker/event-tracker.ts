import { Alarm } from '@serial-oe/decision';
import type { SoundEvent, WindowScore } from './protocol';

/** A change that a window has brought. */
export interface AlarmChange {
  state: 'active' | 'inactive';
  event: SoundEvent;
}

/**
 * Turns window scores into events: two windows in a row above the threshold begin one, three in a row below end it. A window is as long as
 * the model asks, so that what is anomalous begins where the first such window ends and ends where the last one begins.
 */
export class EventTracker {
  readonly #alarm: Alarm;
  readonly #hopSeconds: number;
  #above: WindowScore[] = [];
  #isActive = false;

  constructor(threshold: number, hopSeconds: number) {
    this.#hopSeconds = hopSeconds;
    this.#alarm = new Alarm({ threshold, onDelay: 0.9 * hopSeconds, offDelay: 1.9 * hopSeconds });
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  update(score: WindowScore): AlarmChange[] {
    if (score.isAnomaly) this.#above.push(score);
    const changes: AlarmChange[] = [];
    for (const { type } of this.#alarm.update({ time: score.endTime, score: score.anomalyScore })) {
      if (type !== 'active' && type !== 'inactive') continue;
      this.#isActive = type === 'active';
      changes.push({ state: type, event: this.#event(!this.#isActive) });
      if (type === 'inactive') this.#above = [];
    }
    if (!this.#isActive && !score.isAnomaly) this.#above = [];
    return changes;
  }

  /** The sound has ended: so has what is active. */
  end(): AlarmChange[] {
    if (!this.#isActive) return [];
    this.#isActive = false;
    return [{ state: 'inactive', event: this.#event(true) }];
  }

  #event(isOver: boolean): SoundEvent {
    const [first, last] = [this.#above[0]!, this.#above.at(-1)!];
    const peak = this.#above.reduce((most, each) => (each.anomalyScore > most.anomalyScore ? each : most));
    const end = isOver ? last.time + this.#hopSeconds : last.endTime;
    const start = first.endTime - this.#hopSeconds;
    return start < end
      ? { time: start, endTime: end, peak }
      : { time: first.time, endTime: last.endTime, peak };
  }
}
