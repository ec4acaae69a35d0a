import {
  checkKind,
  checkNumber,
  checkOptions,
  FINITE,
  numberAbove,
  type OptionNames,
  readJson,
} from '@serial-oe/foundation';
import { type AlarmOptions, type AlarmSettings, alarmSettings } from './alarm-options';
import { type AlarmMemory, type AlarmState, INITIAL_MEMORY, readMemory } from './alarm-state';

/** Raised where the layout of the JSON changes. */
const JSON_VERSION = 1;
const KIND = 'alarm';

/** What happens to an alarm. `reAlarmed`: it was still active after `reAlarmTime` and is raised again. */
export type AlarmEventType =
  | 'active'
  | 'inactive'
  | 'reAlarmed'
  | 'acknowledged'
  | 'shelved'
  | 'unshelved'
  | 'suppressed'
  | 'unsuppressed';

export interface AlarmEvent {
  type: AlarmEventType;
  /** Of the update or the command that it came with. */
  time: number;
  /** After the event. */
  state: AlarmState;
}

export interface AlarmUpdate {
  /** Seconds, not before the last one. */
  time: number;
  /** null where there is none: silence is no sign of health, so that a delay that was running begins anew. */
  score: number | null;
}

/** What an operator or the system does. */
export interface AlarmCommand {
  /** Seconds, not before the last update. */
  time: number;
  comment?: string | undefined;
}

export interface ShelveCommand extends AlarmCommand {
  /** Seconds, after `time`. Without it the alarm is shelved until it goes (one shot). */
  until?: number | undefined;
}

/** What `toJSON` makes. */
export interface AlarmJSON {
  kind: typeof KIND;
  version: number;
  settings: AlarmSettings;
  memory: AlarmMemory;
}

const UPDATE: OptionNames<AlarmUpdate> = { time: true, score: true };
const COMMAND: OptionNames<AlarmCommand> = { time: true, comment: true };
const SHELVE: OptionNames<ShelveCommand> = { ...COMMAND, until: true };

/**
 * An alarm on a machine's score, in the words and with the states of OPC UA Part 9: it takes a score at a time and says what
 * happened. It has no clock: time is what the caller says, in seconds, so that a recording replays as it was.
 *
 * A score above the threshold for `onDelay` makes it active and unacknowledged; scores at `threshold - deadband` or below for
 * `offDelay` make it inactive. Shelved or suppressed it keeps its states, and its events say so. A re-alarm that is due comes with the
 * next update, the end of a shelving with the next update or command; each comes once.
 *
 * @see OPC 10000-9, 5.8.2 AlarmConditionType, 5.8.17 ShelvedStateMachineType
 * @example
 * const alarm = new Alarm({ threshold: 3.2, onDelay: 60, deadband: 0.4, reAlarmTime: 8 * 3600 });
 * for (const { type, state } of alarm.update({ time, score })) if (!state.suppressedOrShelved) notify(type);
 */
export class Alarm {
  readonly settings: Readonly<AlarmSettings>;
  #memory: AlarmMemory;

  /** @throws RangeError or TypeError that names the option */
  constructor(options: AlarmOptions) {
    this.settings = alarmSettings('decision.Alarm', options);
    this.#memory = { ...INITIAL_MEMORY };
  }

  get state(): AlarmState {
    const { time: _, pendingSince: __, ...state } = this.#memory;
    const suppressedOrShelved = state.suppressed || state.shelving !== 'unshelved';
    return { ...state, suppressedOrShelved, retain: state.active || !state.acknowledged };
  }

  /**
   * @returns what happened, in order; mostly nothing
   * @throws RangeError for a score that is not finite, or a time before the last one; TypeError for another kind
   */
  update(update: AlarmUpdate): AlarmEvent[] {
    const where = 'decision.Alarm.update';
    checkOptions(where, update, UPDATE);
    const score = update.score === null ? null : checkNumber(`${where}: score`, update.score, FINITE);
    const events = this.#advance(where, update.time);
    if (score === null) {
      this.#memory = { ...this.#memory, quality: 'bad', pendingSince: null };
    } else {
      this.#memory = { ...this.#memory, quality: 'good', score };
      events.push(...this.#weigh(score, update.time));
    }
    return [...events, ...this.#raiseAgain(update.time)];
  }

  /** Nothing happens where there is nothing to acknowledge. @throws RangeError for a time before the last one */
  acknowledge(command: AlarmCommand): AlarmEvent[] {
    const events = this.#command('acknowledge', command);
    return this.#memory.acknowledged
      ? events
      : [...events, this.#change('acknowledged', command.time, { acknowledged: true })];
  }

  /**
   * Shelved again it takes the new time.
   * @throws RangeError for a time before the last one, an `until` that is not after it, or longer than `maxTimeShelved`
   */
  shelve(command: ShelveCommand): AlarmEvent[] {
    const where = 'decision.Alarm.shelve';
    checkOptions(where, command, SHELVE);
    const { until, ...rest } = command;
    const { maxTimeShelved } = this.settings;
    const latest =
      maxTimeShelved === null ? null : checkNumber(`${where}: time`, rest.time, FINITE) + maxTimeShelved;
    if (until !== undefined) {
      checkNumber(`${where}: until`, until, numberAbove(rest.time));
      if (latest !== null && until > latest) {
        throw new RangeError(`${where}: until must be at most maxTimeShelved (${latest}), got ${until}.`);
      }
    }
    const events = this.#command('shelve', rest);
    const shelving = until === undefined ? 'oneShotShelved' : 'timedShelved';
    return [...events, this.#change('shelved', rest.time, { shelving, unshelveTime: until ?? latest })];
  }

  /** Nothing happens where it is not shelved. @throws RangeError for a time before the last one */
  unshelve(command: AlarmCommand): AlarmEvent[] {
    const events = this.#command('unshelve', command);
    return this.#memory.shelving === 'unshelved' ? events : [...events, this.#unshelved(command.time)];
  }

  /** By the system, not the operator: the machine stands still, or a greater alarm says it all. */
  suppress(command: AlarmCommand): AlarmEvent[] {
    const events = this.#command('suppress', command);
    return this.#memory.suppressed
      ? events
      : [...events, this.#change('suppressed', command.time, { suppressed: true })];
  }

  unsuppress(command: AlarmCommand): AlarmEvent[] {
    const events = this.#command('unsuppress', command);
    return this.#memory.suppressed
      ? [...events, this.#change('unsuppressed', command.time, { suppressed: false })]
      : events;
  }

  toJSON(): AlarmJSON {
    return { kind: KIND, version: JSON_VERSION, settings: { ...this.settings }, memory: { ...this.#memory } };
  }

  /**
   * The alarm as it was, for example before a restart.
   *
   * @param options that are to hold from now on instead of those that were saved, for example a new threshold
   * @throws RangeError or TypeError that names the field
   */
  static fromJSON(json: AlarmJSON | string, options: Partial<AlarmOptions> = {}): Alarm {
    const where = 'decision.Alarm.fromJSON';
    const { settings, memory } = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const saved = checkKind(`${where}: settings`, settings, 'object') as AlarmOptions;
    const alarm = new Alarm({ ...saved, ...options });
    alarm.#memory = readMemory(`${where}: memory`, memory);
    return alarm;
  }

  #command(name: string, command: AlarmCommand): AlarmEvent[] {
    const where = `decision.Alarm.${name}`;
    checkOptions(where, command, COMMAND);
    const { time, comment } = command;
    if (comment !== undefined) checkKind(`${where}: comment`, comment, 'string');
    const events = this.#advance(where, time);
    this.#memory.comment = comment ?? this.#memory.comment;
    return events;
  }

  /** Time goes on. */
  #advance(where: string, time: number): AlarmEvent[] {
    checkNumber(`${where}: time`, time, FINITE);
    const last = this.#memory.time;
    if (last !== null && time < last) {
      throw new RangeError(
        `${where}: time must not be before the last one, ${last}, got ${time}. Give scores in the order of their time.`,
      );
    }
    this.#memory.time = time;
    const { unshelveTime } = this.#memory;
    return unshelveTime !== null && time >= unshelveTime ? [this.#unshelved(time)] : [];
  }

  /** The score against the limit. */
  #weigh(score: number, time: number): AlarmEvent[] {
    const { threshold, deadband, onDelay, offDelay } = this.settings;
    const { active } = this.#memory;
    const isBeyond = active ? score <= threshold - deadband : score > threshold;
    const pendingSince = isBeyond ? (this.#memory.pendingSince ?? time) : null;
    const isDue = pendingSince !== null && time - pendingSince >= (active ? offDelay : onDelay);
    this.#memory.pendingSince = isDue ? null : pendingSince;
    if (!isDue) return [];
    if (!active)
      return [this.#change('active', time, { active: true, acknowledged: false, activeTime: time })];
    const inactive = { active: false, inactiveTime: time, reAlarmRepeatCount: 0 };
    const gone = this.#change('inactive', time, inactive);
    return this.#memory.shelving === 'oneShotShelved' ? [gone, this.#unshelved(time)] : [gone];
  }

  #raiseAgain(time: number): AlarmEvent[] {
    const { reAlarmTime } = this.settings;
    const { active, activeTime, reAlarmRepeatCount } = this.#memory;
    if (!active || reAlarmTime === null || time - activeTime! < reAlarmTime) return [];
    const again = { acknowledged: false, activeTime: time, reAlarmRepeatCount: reAlarmRepeatCount + 1 };
    return [this.#change('reAlarmed', time, again)];
  }

  #unshelved(time: number): AlarmEvent {
    return this.#change('unshelved', time, { shelving: 'unshelved', unshelveTime: null });
  }

  #change(type: AlarmEventType, time: number, changes: Partial<AlarmMemory>): AlarmEvent {
    this.#memory = { ...this.#memory, ...changes };
    return { type, time, state: this.state };
  }
}
