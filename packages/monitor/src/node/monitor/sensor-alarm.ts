import { Alarm, type AlarmEvent, type AlarmJSON, type AlarmOptions } from '@serial-oe/decision';
import type { SensorAlarmEvent, SensorCommand, SensorName, SensorStart } from '../../events';
import type { StreamScore } from '../../stream/stream-scorer';

const WORDS: Record<AlarmEvent['type'], string> = {
  active: 'the sound is anomalous',
  inactive: 'the sound is normal again',
  reAlarmed: 'the sound is still anomalous',
  acknowledged: 'the alarm was acknowledged',
  shelved: 'the alarm was shelved',
  unshelved: 'the alarm is no longer shelved',
  suppressed: 'the alarm is suppressed',
  unsuppressed: 'the alarm is no longer suppressed',
};

/** The alarm of one sensor; its threshold is known with the first score. */
export class SensorAlarm {
  readonly #name: SensorName;
  readonly #options: Partial<AlarmOptions>;
  readonly #saved: AlarmJSON | null;
  #alarm: Alarm | null = null;
  #severity: number | undefined;
  #isScored = false;

  constructor(
    name: SensorName,
    { options, saved }: { options: Partial<AlarmOptions>; saved: AlarmJSON | null },
  ) {
    this.#name = name;
    this.#options = options;
    this.#saved = saved;
  }

  toJSON(): AlarmJSON | null {
    return this.#alarm?.toJSON() ?? this.#saved;
  }

  /** As it was remembered. */
  start(time: number): SensorStart {
    const memory = this.#saved?.memory;
    return {
      ...{ name: this.#name, time, isActive: memory?.active === true },
      isAcknowledged: memory?.acknowledged !== false,
      isShelved: memory !== undefined && memory.shelving !== 'unshelved',
    };
  }

  /** A window was scored. @param counts false where what was heard is no sound of the machine */
  take(score: StreamScore, counts: boolean): SensorAlarmEvent[] {
    this.#severity = score.severity;
    if (this.#alarm === null || !this.#isScored) this.#alarm = this.#create(score.threshold);
    this.#isScored = true;
    const { time: last } = this.#alarm.toJSON().memory;
    const time = Math.max(score.endTime, last ?? score.endTime); // a clock that was set back moves no alarm back
    return this.#told(this.#alarm.update({ time, score: counts ? score.anomalyScore : null }));
  }

  command({ action, seconds, comment }: SensorCommand, now: number): SensorAlarmEvent[] {
    this.#alarm ??= this.#saved === null ? null : Alarm.fromJSON(this.#saved);
    const alarm = this.#alarm;
    if (alarm === null) return [];
    const time = Math.max(now, alarm.toJSON().memory.time ?? now);
    if (action === 'acknowledge') return this.#told(alarm.acknowledge({ time, comment }));
    if (action === 'unshelve') return this.#told(alarm.unshelve({ time, comment }));
    const until = seconds === undefined ? undefined : time + seconds;
    return this.#told(alarm.shelve({ time, comment, until }));
  }

  #create(threshold: number): Alarm {
    const options = { threshold, ...this.#options };
    const saved = this.#alarm?.toJSON() ?? this.#saved; // an operator may have answered before the first score
    return saved === null ? new Alarm(options) : Alarm.fromJSON(saved, options);
  }

  #told(events: readonly AlarmEvent[]): SensorAlarmEvent[] {
    const { threshold } = this.#alarm!.settings;
    return events.map(({ type, time, state }) => ({
      ...{ kind: 'alarm', name: this.#name, time, change: type },
      ...{
        isActive: state.active,
        isAcknowledged: state.acknowledged,
        isShelved: state.shelving !== 'unshelved',
      },
      ...{ anomalyScore: state.score, threshold, severity: this.#severity },
      message: `${this.#name.asset}: ${WORDS[type]}`,
    }));
  }
}
