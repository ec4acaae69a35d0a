import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  FINITE,
  type OptionNames,
  quantile,
  readJson,
} from '@serial-oe/foundation';
import { severity } from '../severity/severity';
import { percentile } from './percentile';

/** Raised where the layout of the JSON changes. */
const JSON_VERSION = 1;
const KIND = 'scoreCalibration';

export interface CalibrateOptions {
  /**
   * The deviation that is expected of such scores, and for how many of them it counts: three or four scores tell their own badly, and
   * one that came out small by chance makes every new score an outlier. With it a single score will do. Default: none.
   */
  prior?: DeviationPrior | undefined;
}

/** What is known of a deviation before the scores are. */
export interface DeviationPrior {
  deviation: number;
  /** Scores that it counts for, above 0. */
  weight: number;
}

const OPTIONS: OptionNames<CalibrateOptions> = { prior: true };
/** Fewer scores than that tell no deviation by themselves. */
const MIN_SCORES = 3;

/** What `toJSON` makes. */
export interface ScoreCalibrationJSON {
  kind: typeof KIND;
  version: number;
  mean: number;
  deviation: number;
  /** Ascending. */
  normalScores: number[];
}

/** Anomaly scores of one machine by one system, made comparable to those of others by its normal clips. */
export class ScoreCalibration {
  /** Of the normal scores. */
  readonly mean: number;
  /** Sample standard deviation, divided by n - 1; with a prior, that of both. */
  readonly deviation: number;
  /** Ascending. */
  readonly normalScores: Float64Array;

  private constructor(mean: number, deviation: number, normalScores: Float64Array) {
    this.mean = mean;
    this.deviation = deviation;
    this.normalScores = normalScores;
  }

  /** @throws RangeError or TypeError; see {@link calibrate} */
  static fit(normalScores: ArrayLike<number>, options: CalibrateOptions = {}): ScoreCalibration {
    const where = 'decision.calibrate';
    checkOptions(where, options, OPTIONS);
    const { prior } = options;
    if (!(normalScores?.length > 0)) {
      throw new RangeError(
        `${where}: normalScores must hold at least one score, got none. Score some normal clips.`,
      );
    }
    const sorted = Float64Array.from(normalScores, (score, i) =>
      checkNumber(`${where}: normalScores[${i}]`, score, FINITE),
    ).sort();
    const mean = sorted.reduce((sum, score) => sum + score / sorted.length, 0);
    const squares = sorted.reduce((sum, score) => sum + (score - mean) ** 2, 0);
    if (prior !== undefined) {
      return new ScoreCalibration(mean, posteriorDeviation(squares, sorted.length, prior), sorted);
    }
    const deviation = Math.sqrt(squares / (sorted.length - 1)); // NaN for one score
    const differ = sorted[0]! < sorted.at(-1)!; // the deviation of equal scores may be a rounding error above 0
    if (sorted.length >= MIN_SCORES && differ && deviation > 0)
      return new ScoreCalibration(mean, deviation, sorted);
    throw new RangeError(
      `${where}: normalScores must be at least ${MIN_SCORES} that differ, got ${sorted.length}. ` +
        'Score more normal clips, or give a prior.',
    );
  }

  /** @throws RangeError or TypeError that names the field */
  static fromJSON(json: ScoreCalibrationJSON | string): ScoreCalibration {
    const where = 'decision.ScoreCalibration.fromJSON';
    const { mean, deviation, normalScores } = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    if (!Array.isArray(normalScores) || normalScores.length === 0) {
      throw new TypeError(`${where}: normalScores must be a list of scores.`);
    }
    const sorted = Float64Array.from(normalScores, (score, i) =>
      checkNumber(`${where}: normalScores[${i}]`, score, FINITE),
    ).sort();
    return new ScoreCalibration(
      checkNumber(`${where}: mean`, mean, FINITE),
      checkNumber(`${where}: deviation`, deviation, ABOVE_ZERO),
      sorted,
    );
  }

  /** The score in standard deviations above the mean of the normal ones. */
  zScore(score: number): number {
    return (score - this.mean) / this.deviation;
  }

  /**
   * The share of normal scores below the score, in (0, 1): (n_below + n_equal / 2 + 1/2) / (n + 1). It cannot tell how far
   * beyond the highest a score lies.
   */
  percentile(score: number): number {
    return percentile(score, this.normalScores);
  }

  /** From 0 to 100 with the threshold at 50, comparable across machines; see {@link severity}. @throws RangeError for NaN */
  severity(score: number, threshold: number): number {
    return severity(score, { median: quantile(this.normalScores, 0.5), threshold });
  }

  toJSON(): ScoreCalibrationJSON {
    const { mean, deviation, normalScores } = this;
    return { kind: KIND, version: JSON_VERSION, mean, deviation, normalScores: Array.from(normalScores) };
  }
}

/** The pooled variance of the scores and of those that the prior stands for: (w d^2 + squares) / (w + n - 1). */
function posteriorDeviation(squares: number, n: number, { deviation, weight }: DeviationPrior): number {
  checkNumber('decision.calibrate: prior.deviation', deviation, ABOVE_ZERO);
  checkNumber('decision.calibrate: prior.weight', weight, ABOVE_ZERO);
  return Math.sqrt((weight * deviation ** 2 + squares) / (weight + n - 1));
}

/**
 * What makes the scores of a machine comparable: z-scores and percentiles among its normal clips.
 *
 * @param normalScores `[nClips]`, scores of normal clips that the detector has not been fitted on
 * @throws RangeError for scores that are not finite, or too few or too equal to tell a deviation where no prior is given
 * @example
 * const calibration = calibrate(scoresOfNormalClips);
 * calibration.zScore(anomalyScore); // 4.2: far outside
 */
export function calibrate(normalScores: ArrayLike<number>, options: CalibrateOptions = {}): ScoreCalibration {
  return ScoreCalibration.fit(normalScores, options);
}
