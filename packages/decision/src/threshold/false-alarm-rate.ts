import {
  ABOVE_ZERO,
  checkNumber,
  checkOneOf,
  checkOptions,
  type NumberRule,
  type OptionNames,
} from '@serial-oe/foundation';

const SECONDS = { hour: 3600, day: 86_400, week: 604_800 };

/** What {@link AlarmsPerTime} counts in. */
export type AlarmPeriod = keyof typeof SECONDS;
const PERIODS = Object.keys(SECONDS) as AlarmPeriod[];

/** False alarms in a time: what an operator can name. */
export interface AlarmsPerTime {
  /** Above 0; 0.5 a day is one in two days. */
  alarms: number;
  per: AlarmPeriod;
  /** Seconds from one score to the next: the length of a clip that follows the last one, or the hop of a listening scorer. */
  everySeconds: number;
}

/** A share of normal clips in (0, 1), or alarms in a time. */
export type FalseAlarmRate = number | AlarmsPerTime;

const NAMES: OptionNames<AlarmsPerTime> = { alarms: true, per: true, everySeconds: true };
const OPEN_FRACTION: NumberRule = { isValid: (x) => x > 0 && x < 1, rule: 'be a number in (0, 1)' };

/**
 * The share of normal clips that a rate means: `{ alarms: 1, per: 'day', everySeconds: 10 }` is 1 / 8640. Scores of windows that
 * overlap exceed a threshold together, so that there are as many false scores, but fewer alarms.
 *
 * @param where `<package>.<function>`
 * @throws RangeError for a share outside (0, 1), also where more alarms are asked for than there are scores; TypeError for another kind
 */
export function shareOfClips(where: string, rate: FalseAlarmRate): number {
  const name = `${where}: falseAlarmRate`;
  if (typeof rate !== 'object') return checkNumber(name, rate, OPEN_FRACTION);
  checkOptions(name, rate, NAMES);
  const alarms = checkNumber(`${name}.alarms`, rate.alarms, ABOVE_ZERO);
  const everySeconds = checkNumber(`${name}.everySeconds`, rate.everySeconds, ABOVE_ZERO);
  const seconds = SECONDS[checkOneOf(`${name}.per`, rate.per, PERIODS)];
  return checkNumber(`${name} as a share of clips`, (alarms * everySeconds) / seconds, OPEN_FRACTION);
}
