import type { NormalThreshold } from '@serial-oe/decision';
import { type Column, percent } from '../terminal/format';

/** Columns of a table: the rate that was asked for, within which it will be, and what the threshold was set on. */
export const RATE_COLUMNS: readonly Column[] = [
  { title: 'false alarms asked for', align: 'right' },
  { title: 'will be (95 %)', align: 'right' },
  { title: 'set on' },
];

/** The cells of {@link RATE_COLUMNS}. */
export function rateCells(decision: NormalThreshold): string[] {
  const { falseAlarmRate, interval } = decision;
  return [
    percent(falseAlarmRate),
    `${percent(interval.lower)} to ${percent(interval.upper)}`,
    setOn(decision),
  ];
}

/** `24 normal clip(s) of 5 days or sessions, extrapolated`. */
function setOn({ nNormalScores, nSessions, extrapolated }: NormalThreshold): string {
  const days = nSessions > 0 ? ` of ${nSessions} days or sessions` : '';
  return `${nNormalScores} normal clip(s)${days}${extrapolated ? ', extrapolated' : ''}`;
}
