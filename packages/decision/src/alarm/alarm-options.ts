import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  checkNumber,
  checkOptions,
  FINITE,
  type OptionNames,
} from '@serial-oe/foundation';

/** Times are in seconds, on the caller's clock. */
export interface AlarmOptions {
  /** The limit: a score above it is outside. */
  threshold: number;
  /** How long scores must stay above the threshold before the alarm is active, default 0: the first one is enough. */
  onDelay?: number | undefined;
  /** How long scores must stay at threshold - deadband or below before the alarm is inactive, default 0. */
  offDelay?: number | undefined;
  /** How far below the threshold scores must fall before an active alarm goes, in the unit of scores, default 0. */
  deadband?: number | undefined;
  /** An alarm that is still active that long after it was raised is raised again, and unacknowledged. Default: never. */
  reAlarmTime?: number | undefined;
  /** The longest that an operator may shelve the alarm, default: without end. */
  maxTimeShelved?: number | undefined;
}

/** Every setting; null is never, or without end. */
export interface AlarmSettings {
  threshold: number;
  onDelay: number;
  offDelay: number;
  deadband: number;
  reAlarmTime: number | null;
  maxTimeShelved: number | null;
}

const OPTIONS: OptionNames<AlarmOptions> = {
  threshold: true,
  onDelay: true,
  offDelay: true,
  deadband: true,
  reAlarmTime: true,
  maxTimeShelved: true,
};

/** @throws RangeError or TypeError that names the option */
export function alarmSettings(where: string, options: AlarmOptions): AlarmSettings {
  checkOptions(where, options, OPTIONS);
  const atLeastZero = (name: 'onDelay' | 'offDelay' | 'deadband') =>
    checkNumber(`${where}: ${name}`, options[name] ?? 0, AT_LEAST_ZERO);
  const duration = (name: 'reAlarmTime' | 'maxTimeShelved') =>
    (options[name] ?? null) === null ? null : checkNumber(`${where}: ${name}`, options[name], ABOVE_ZERO);
  return {
    threshold: checkNumber(`${where}: threshold`, options.threshold, FINITE),
    onDelay: atLeastZero('onDelay'),
    offDelay: atLeastZero('offDelay'),
    deadband: atLeastZero('deadband'),
    reAlarmTime: duration('reAlarmTime'),
    maxTimeShelved: duration('maxTimeShelved'),
  };
}
