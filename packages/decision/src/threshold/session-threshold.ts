import { solveDecreasing } from '../distributions/solve';
import { studentTUpper } from '../distributions/student-t';
import type { Session } from './normal-threshold';
import type { RateInterval } from './rate-interval';
import { scoreTail, type Tail, wholeShare } from './score-tail';
import { sessionInterval } from './session-interval';
import { sessionSpread } from './session-spread';
import { weightedScores } from './weighted-scores';

/** For the threshold, and for the interval, which looks at many distributions. */
const FINE = 0.97;
const COARSE = 0.9;

/** What {@link sessionThreshold} sets it by. */
interface SessionRequest {
  tail: Tail;
  rate: number;
  confidence: number;
  where: string;
}

/**
 * A threshold for scores of a session that was not recorded yet: its mean by Student's t about the other means, its scores about
 * that mean by the tail of the others' residuals.
 * @throws RangeError for one session alone
 */
export function sessionThreshold(
  scores: Float64Array,
  sessions: readonly Session[],
  { tail, rate, where, confidence }: SessionRequest,
): { threshold: number; interval: RateInterval; extrapolated: boolean } {
  const spread = sessionSpread(scores, sessions);
  const { mean, deviation, nSessions, residuals } = spread;
  if (nSessions < 2) {
    throw new RangeError(
      `${where}: sessions must name at least two, got ${nSessions}. Record on several days, or leave sessions out.`,
    );
  }
  const scoreOfShare = scoreTail(residuals, { tail, rate, where });
  const within = weightedScores(scoreOfShare, { rate, step: FINE });
  const scale = deviation * Math.sqrt(1 + 1 / nSessions);
  const rateBeyond = (distance: number) =>
    within.values.reduce(
      (sum, value, i) => sum + within.weights[i]! * studentTUpper((distance - value) / scale, nSessions - 1),
      0,
    );
  const threshold = mean + (scale > 0 ? distanceOfRate(rateBeyond, rate, scale) : scoreOfShare(rate));
  const coarse = weightedScores(scoreOfShare, { rate, step: COARSE });
  const interval = sessionInterval({ threshold, scores, spread, confidence, within: coarse });
  return { threshold, interval, extrapolated: wholeShare(nSessions, rate) < 1 };
}

/** Where the rate, which never increases with the distance, falls to the one asked for. */
function distanceOfRate(rateBeyond: (distance: number) => number, rate: number, scale: number): number {
  let high = scale;
  while (rateBeyond(high) > rate) high *= 2;
  let low = -scale;
  while (rateBeyond(low) <= rate) low *= 2;
  return solveDecreasing((distance) => rateBeyond(distance) - rate, { low, high });
}
