import type { Session } from './normal-threshold';

/** How sessions differ. */
export interface SessionSpread {
  nSessions: number;
  /** Mean of the sessions' means. */
  mean: number;
  /** Sample standard deviation of the sessions' means; it holds what the scores within a session add to its mean. */
  deviation: number;
  /** `[nScores]`, each score less the mean of its session, ascending. */
  residuals: Float64Array;
}

/** The means of sessions, and what the scores are about them. */
export function sessionSpread(scores: Float64Array, sessions: readonly Session[]): SessionSpread {
  const totals = new Map<Session, { sum: number; n: number }>();
  for (const [i, session] of sessions.entries()) {
    const { sum, n } = totals.get(session) ?? { sum: 0, n: 0 };
    totals.set(session, { sum: sum + scores[i]!, n: n + 1 });
  }
  const means = new Map([...totals].map(([session, { sum, n }]) => [session, sum / n]));
  const nSessions = means.size;
  let mean = 0;
  for (const each of means.values()) mean += each / nSessions;
  let squares = 0;
  for (const each of means.values()) squares += (each - mean) ** 2;
  const residuals = scores.map((score, i) => score - means.get(sessions[i]!)!).sort();
  return { nSessions, mean, deviation: Math.sqrt(squares / Math.max(1, nSessions - 1)), residuals };
}
