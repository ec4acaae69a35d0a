import { checkNumber, checkOneOf, FINITE, FRACTION, quantile, readJson, show } from '@serial-oe/foundation';
import { percentile } from '../calibration/percentile';
import { severity } from '../severity/severity';
import { CONFIDENCE, checkScores } from './check-scores';
import { type FalseAlarmRate, shareOfClips } from './false-alarm-rate';
import type { RateInterval } from './rate-interval';
import { TAILS, type Tail } from './score-tail';

/** Raised where the layout of the JSON changes. */
const JSON_VERSION = 1;
const KIND = 'normalThreshold';

/** The day or the session that a score was recorded in. */
export type Session = string | number;

/** What a threshold was set by. */
export interface NormalThresholdFields {
  /** A clip is anomalous where its score is above it. */
  threshold: number;
  /** As it was asked for. */
  askedFor: FalseAlarmRate;
  tail: Tail;
  /** Of the rate at which new normal scores exceed the threshold; with sessions, over many new ones. */
  interval: RateInterval;
  /**
   * The rate is smaller than the scores can tell: less than one in n + 1, with sessions also one in their number + 1. What is
   * extrapolated holds as far as the tail, or the normal distribution of sessions' means, does.
   */
  extrapolated: boolean;
  /** `[nNormalScores]`, in the order they were given in. */
  normalScores: Float64Array;
  /** `[nNormalScores]`, or null where none were told. */
  sessions: readonly Session[] | null;
}

/** What `toJSON` makes. */
export interface NormalThresholdJSON extends Omit<NormalThresholdFields, 'normalScores'> {
  kind: typeof KIND;
  version: number;
  normalScores: number[];
}

/** A threshold with the normal scores that it was set by, made by `thresholdFromNormals`. */
export class NormalThreshold implements NormalThresholdFields {
  readonly threshold: number;
  readonly askedFor: FalseAlarmRate;
  readonly tail: Tail;
  readonly interval: RateInterval;
  readonly extrapolated: boolean;
  readonly normalScores: Float64Array;
  readonly sessions: readonly Session[] | null;
  /** What was asked for as a share of clips, in (0, 1). */
  readonly falseAlarmRate: number;
  readonly #median: number;

  constructor(fields: NormalThresholdFields) {
    this.threshold = fields.threshold;
    this.askedFor = fields.askedFor;
    this.tail = fields.tail;
    this.interval = fields.interval;
    this.extrapolated = fields.extrapolated;
    this.normalScores = fields.normalScores;
    this.sessions = fields.sessions;
    this.falseAlarmRate = shareOfClips('decision.NormalThreshold', fields.askedFor);
    this.#median = quantile(fields.normalScores.slice().sort(), 0.5);
  }

  get nNormalScores(): number {
    return this.normalScores.length;
  }

  /** 0 where no sessions were told. */
  get nSessions(): number {
    return new Set(this.sessions).size;
  }

  /** `score > threshold`. @throws RangeError for NaN, TypeError for no number */
  isAnomalous(score: number): boolean {
    return checkNumber('decision.NormalThreshold.isAnomalous: score', score, NUMBER) > this.threshold;
  }

  /** From 0 to 100 with the threshold at 50, comparable across machines; see {@link severity}. @throws RangeError for NaN */
  severity(score: number): number {
    return severity(score, { median: this.#median, threshold: this.threshold });
  }

  /** The share of normal scores below the score, in (0, 1), as that of `ScoreCalibration`. @throws RangeError for NaN */
  percentile(score: number): number {
    const value = checkNumber('decision.NormalThreshold.percentile: score', score, NUMBER);
    return percentile(value, this.normalScores);
  }

  toJSON(): NormalThresholdJSON {
    const { threshold, askedFor, tail, interval, extrapolated, normalScores, sessions } = this;
    return {
      kind: KIND,
      version: JSON_VERSION,
      threshold,
      askedFor,
      tail,
      interval,
      extrapolated,
      normalScores: Array.from(normalScores),
      sessions,
    };
  }

  /** @throws RangeError or TypeError that names the field */
  static fromJSON(json: NormalThresholdJSON | string): NormalThreshold {
    const where = 'decision.NormalThreshold.fromJSON';
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const normalScores = checkScores(`${where}: normalScores`, fields.normalScores as number[]);
    if (typeof fields.extrapolated !== 'boolean') {
      throw new TypeError(`${where}: extrapolated must be a boolean, got ${show(fields.extrapolated)}.`);
    }
    const { askedFor } = fields as unknown as NormalThresholdFields;
    shareOfClips(where, askedFor);
    return new NormalThreshold({
      threshold: checkNumber(`${where}: threshold`, fields.threshold, FINITE),
      askedFor,
      tail: checkOneOf(`${where}: tail`, fields.tail, TAILS),
      interval: checkInterval(`${where}: interval`, fields.interval),
      extrapolated: fields.extrapolated,
      normalScores,
      sessions: fields.sessions === null ? null : checkSessions(where, fields.sessions, normalScores.length),
    });
  }
}

const NUMBER = { isValid: (score: number) => !Number.isNaN(score), rule: 'be a number' };

/** One a score. @throws RangeError or TypeError */
export function checkSessions(where: string, sessions: unknown, nScores: number): readonly Session[] {
  const name = `${where}: sessions`;
  const labels = Array.from((sessions as ArrayLike<unknown>) ?? []);
  if (labels.length !== nScores) {
    throw new RangeError(`${name} must name one a score, got ${labels.length} for ${nScores} scores.`);
  }
  const wrong = labels.findIndex((label) => typeof label !== 'string' && !Number.isFinite(label));
  if (wrong === -1) return labels as Session[];
  throw new TypeError(`${name}[${wrong}] must be a string or a finite number, got ${show(labels[wrong])}.`);
}

function checkInterval(where: string, value: unknown): RateInterval {
  const { lower, upper, confidence } = (value ?? {}) as RateInterval;
  return {
    lower: checkNumber(`${where}.lower`, lower, FRACTION),
    upper: checkNumber(`${where}.upper`, upper, FRACTION),
    confidence: checkNumber(`${where}.confidence`, confidence, CONFIDENCE),
  };
}
