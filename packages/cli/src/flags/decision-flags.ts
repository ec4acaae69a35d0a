import type { FalseAlarmRate } from '@serial-oe/decision';
import { choiceFlag, type Flag, numberFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';

/** False alarms of a trained model unless it is told otherwise: of clips of ten seconds one in a quarter of an hour. */
export const DEFAULT_FALSE_ALARM_RATE = 0.01;
const PERIODS = ['clip', 'hour', 'day'] as const;

/** A rate as it is typed: a share of the clips, or alarms in a time, which needs how often a clip is scored. */
export type TypedRate = { share: number } | { alarms: number; per: (typeof PERIODS)[number] };

const SHARE = /^(\d*\.?\d+(?:e-?\d+)?)\s*(%?)$/i;
const PER_TIME = /^(\d*\.?\d+)\s*(?:\/|a|per)\s*(clip|hour|day)$/i;

export const FALSE_ALARM_RATE: Flag<TypedRate | undefined> = {
  ...textFlag(
    'RATE',
    'False alarms that are asked for: a share of the normal clips (0.01, 1%), or 1/day, 2/hour, of clips that follow each other without a pause.',
  ),
  read: (given, name) => (typeof given === 'string' ? parseRate(given.trim(), name) : undefined),
};
export const THRESHOLD = numberFlag(
  'X',
  'Calls a clip anomalous where its score is above X, instead of the threshold in the model.',
);
export const TAIL = choiceFlag(
  ['empirical', 'gamma', 'gpd'],
  "How the threshold is found among normal scores: by counting, or by a gamma or generalised Pareto distribution, which also tell rates smaller than one in the number of clips. Default gamma, and of fewer than ten clips Student's t.",
);

/** @param clipSeconds from one score to the next */
export function toFalseAlarmRate(rate: TypedRate, clipSeconds: number): FalseAlarmRate {
  if ('share' in rate) return rate.share;
  if (rate.per === 'clip') return rate.alarms;
  return { alarms: rate.alarms, per: rate.per, everySeconds: clipSeconds };
}

function parseRate(text: string, name: string): TypedRate {
  const share = SHARE.exec(text);
  if (share !== null) {
    const value = Number(share[1]) / (share[2] === '%' ? 100 : 1);
    if (value > 0 && value < 1) return { share: value };
  }
  const perTime = PER_TIME.exec(text);
  if (perTime !== null && Number(perTime[1]) > 0) {
    const per = PERIODS.find((period) => period === perTime[2]!.toLowerCase())!;
    return { alarms: Number(perTime[1]), per };
  }
  throw new UsageError(
    `${name} must be a share between 0 and 1 such as 0.01 or 1%, or alarms in a time such as 1/day or 2/hour, got "${text}".`,
  );
}
