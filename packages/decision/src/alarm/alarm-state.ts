import { COUNT, checkKind, checkNumber, checkOneOf, FINITE, show } from '@serial-oe/foundation';

export const SHELVING_STATES = ['unshelved', 'timedShelved', 'oneShotShelved'] as const;
/** `'oneShotShelved'`: for the alarm that is active, or the next one, until it goes. */
export type ShelvingState = (typeof SHELVING_STATES)[number];

/** The states of OPC UA Part 9's AlarmConditionType. Times are in seconds on the caller's clock, null for never. */
export interface AlarmState {
  active: boolean;
  /** False from when the alarm is raised until an operator acknowledges it, also when it has gone by itself. */
  acknowledged: boolean;
  shelving: ShelvingState;
  /** When it is unshelved by itself. */
  unshelveTime: number | null;
  /** Held back by the system, for example while the machine is known to stand still. */
  suppressed: boolean;
  /** Not to be shown or sounded now. States go on all the same. */
  suppressedOrShelved: boolean;
  /** Of interest to an operator: active or not acknowledged. */
  retain: boolean;
  /** `'bad'` while there is no score. */
  quality: 'good' | 'bad';
  /** The last one. */
  score: number | null;
  /** When it was last raised, a re-alarm counted. */
  activeTime: number | null;
  /** When it last went. */
  inactiveTime: number | null;
  /** How often it was raised again since it became active. */
  reAlarmRepeatCount: number;
  /** Of the last operator who gave one. */
  comment: string | null;
}

/** What an alarm remembers. */
export interface AlarmMemory extends Omit<AlarmState, 'suppressedOrShelved' | 'retain'> {
  /** Of the last update or command. */
  time: number | null;
  /** Since when scores have been on the other side of the limit without a break. */
  pendingSince: number | null;
}

export const INITIAL_MEMORY: Readonly<AlarmMemory> = {
  active: false,
  acknowledged: true,
  shelving: 'unshelved',
  unshelveTime: null,
  suppressed: false,
  quality: 'bad',
  score: null,
  activeTime: null,
  inactiveTime: null,
  reAlarmRepeatCount: 0,
  comment: null,
  time: null,
  pendingSince: null,
};

/** @throws RangeError or TypeError that names the field */
export function readMemory(where: string, value: unknown): AlarmMemory {
  const fields = checkKind(where, value, 'object') as Record<string, unknown>;
  const numberOrNull = (name: keyof AlarmMemory) =>
    fields[name] === null ? null : checkNumber(`${where}.${name}`, fields[name], FINITE);
  const flag = (name: keyof AlarmMemory) => checkKind(`${where}.${name}`, fields[name], 'boolean');
  const { comment } = fields;
  if (comment !== null && typeof comment !== 'string') {
    throw new TypeError(`${where}.comment must be a string or null, got ${show(comment)}.`);
  }
  if (fields.active === true && fields.activeTime === null) {
    throw new RangeError(`${where}.activeTime must be a time where the alarm is active, got null.`);
  }
  return {
    active: flag('active'),
    acknowledged: flag('acknowledged'),
    shelving: checkOneOf(`${where}.shelving`, fields.shelving, SHELVING_STATES),
    unshelveTime: numberOrNull('unshelveTime'),
    suppressed: flag('suppressed'),
    quality: checkOneOf(`${where}.quality`, fields.quality, ['good', 'bad'] as const),
    score: numberOrNull('score'),
    activeTime: numberOrNull('activeTime'),
    inactiveTime: numberOrNull('inactiveTime'),
    reAlarmRepeatCount: checkNumber(`${where}.reAlarmRepeatCount`, fields.reAlarmRepeatCount, COUNT),
    comment,
    time: numberOrNull('time'),
    pendingSince: numberOrNull('pendingSince'),
  };
}
