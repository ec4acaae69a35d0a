import type { NormalThreshold } from '@serial-oe/decision';

/** `24 normal clip(s) of 5 days or sessions, extrapolated`. */
export function setOn({ nNormalScores, nSessions, extrapolated }: NormalThreshold): string {
  const days = nSessions > 0 ? ` of ${nSessions} days or sessions` : '';
  return `${nNormalScores} normal clip(s)${days}${extrapolated ? ', extrapolated' : ''}`;
}
