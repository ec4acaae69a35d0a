import { checkNumber, checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { CONFIDENCE, checkScores } from './check-scores';
import { countAbove } from './count-above';
import { type FalseAlarmRate, shareOfClips } from './false-alarm-rate';
import { checkSessions, NormalThreshold, type Session } from './normal-threshold';
import { countInterval, orderStatisticInterval } from './rate-interval';
import { MIN_SCORES, scoresAbove, scoreTail, TAILS, type Tail, wholeShare } from './score-tail';
import { sessionThreshold } from './session-threshold';

export interface ThresholdOptions {
  /** The share of normal clips in (0, 1) that may be called anomalous, or `{ alarms: 1, per: 'day', everySeconds: 10 }`. */
  falseAlarmRate: FalseAlarmRate;
  /**
   * - `'empirical'` (the default): the order statistic that a new score exceeds with a probability of at most the rate, or the
   *   highest score where the rate asks for more scores than there are (`extrapolated`).
   * - `'gamma'`: a gamma distribution of three parameters, as DCASE's baselines fit one. For at least 10 scores.
   * - `'gpd'`: a generalised Pareto distribution of the highest tenth (at least ten scores) above the score below them. For at
   *   least 20 scores, and for rates that they cannot tell.
   */
  tail?: Tail | undefined;
  /**
   * `[nScores]`, the day or session that each score was recorded in, at least two. The threshold then counts the spread between
   * sessions, which a random share of clips does not show; see {@link thresholdFromNormals}.
   */
  sessions?: ArrayLike<Session> | undefined;
  /** Of the interval of the realised rate, default 0.95. */
  confidence?: number | undefined;
}

const OPTIONS: OptionNames<ThresholdOptions> = {
  falseAlarmRate: true,
  tail: true,
  sessions: true,
  confidence: true,
};

/**
 * The threshold that new normal clips exceed at the rate asked for, from scores of normal clips alone, with an interval of the rate
 * that it will really have. A clip is anomalous where `score > threshold`.
 *
 * Without sessions the interval assumes nothing of the scores but that they are independent: for `'empirical'` it is exact (the
 * rate above an order statistic is beta distributed), for the others that of Clopper and Pearson for the scores above the
 * threshold, so that it holds where the distribution does not fit; a rate below 1 / n is then known by its upper limit alone.
 *
 * With sessions, a new session's mean lies about the others' as Student's t with nSessions - 1 degrees of freedom says, and its
 * scores about that mean as the other sessions' do about theirs, by the tail. This assumes means that are normally distributed
 * and do not trend: of two or three sessions the threshold is far out, and steady wear or a season that was not recorded is not
 * seen. The scores should be of clips whose whole session the detector was not fitted on.
 *
 * @param scores `[nScores]`, of normal clips that the detector has not been fitted on
 * @throws RangeError for too few scores or sessions, for scores that are not finite or too equal, or a rate outside (0, 1); TypeError
 *   for another kind
 * @example
 * const { threshold, interval } = thresholdFromNormals(scores, { falseAlarmRate: 0.05, sessions: days });
 */
export function thresholdFromNormals(scores: ArrayLike<number>, options: ThresholdOptions): NormalThreshold {
  const where = 'decision.thresholdFromNormals';
  checkOptions(where, options, OPTIONS);
  const { falseAlarmRate: askedFor, tail = 'empirical', confidence = 0.95 } = options;
  const rate = shareOfClips(where, askedFor);
  checkOneOf(`${where}: tail`, tail, TAILS);
  checkNumber(`${where}: confidence`, confidence, CONFIDENCE);
  const normalScores = checkScores(`${where}: scores`, scores, MIN_SCORES[tail]);
  const n = normalScores.length;
  const given = { askedFor, tail, normalScores };
  const isRare = wholeShare(n, rate) < 1;
  if (options.sessions !== undefined) {
    const sessions = checkSessions(where, options.sessions, n);
    const set = sessionThreshold(normalScores, sessions, { tail, rate, where, confidence });
    return new NormalThreshold({ ...given, ...set, sessions, extrapolated: isRare || set.extrapolated });
  }
  const sorted = normalScores.slice().sort();
  const threshold = scoreTail(sorted, { tail, rate, where })(rate);
  const interval =
    tail === 'empirical'
      ? orderStatisticInterval({ nAbove: scoresAbove(n, rate), nScores: n }, confidence)
      : countInterval({ nAbove: countAbove(sorted, threshold), nScores: n }, confidence);
  return new NormalThreshold({ ...given, threshold, interval, sessions: null, extrapolated: isRare });
}
