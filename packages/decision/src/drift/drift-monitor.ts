import {
  ABOVE_ZERO,
  checkKind,
  checkNumber,
  checkOptions,
  FINITE,
  numberAbove,
  type OptionNames,
  POSITIVE_COUNT,
  readJson,
} from '@serial-oe/foundation';
import { cusumLimit } from './cusum-limit';
import {
  chartDrift,
  type DriftChartState,
  type DriftLimits,
  INITIAL_CHART,
  nextChart,
  type QuantityDrift,
  readChartState,
} from './drift-chart';
import { type DriftReferenceJSON, DriftReferences } from './drift-references';
import { type DriftSample, driftValues } from './drift-sample';
import { rankQuantiles } from './normal-ranks';

/** Raised where the layout of the JSON changes. */
const JSON_VERSION = 1;
const KIND = 'driftMonitor';
/** One in twenty reference means lies farther off than that many standard errors on one side. */
const STANDARD_ERRORS = 1.645;

export interface DriftOptions {
  /** The shift to find, in deviations of the reference, default 1. Half of it or less is taken for no move. */
  smallestShift?: number | undefined;
  /** Updates between two false alarms, of all quantities together, on average or more; default 100,000. */
  falseAlarmInterval?: number | undefined;
  /** Values that running mean and deviation are of, default 100. */
  nRecent?: number | undefined;
}

/** Every setting. */
export interface DriftSettings {
  smallestShift: number;
  falseAlarmInterval: number;
  nRecent: number;
}

export interface DriftUpdate extends DriftSample {
  /** Seconds, not before the last one. */
  time: number;
}

/** `'level'`: louder or softer; `'spectrum'`: another sound; `'score'`: nearer to the threshold or farther from it. */
export type DriftQuantity = 'score' | 'level' | 'spectrum';

export interface DriftReport {
  /** Those that have moved away from the reference, none as a rule. */
  moved: DriftQuantity[];
  /** Seconds: the earliest `since` of those that have moved; null where none has. */
  since: number | null;
  score: QuantityDrift;
  /** Where the reference has levels. */
  level?: QuantityDrift;
  /** `[nBands]`, where the reference has bands; their unit is dB relative to the mean of the clip's bands. */
  spectrum?: QuantityDrift[];
}

/** What `toJSON` makes. */
export interface DriftMonitorJSON {
  kind: typeof KIND;
  version: number;
  settings: DriftSettings;
  references: DriftReferenceJSON[];
  hasLevel: boolean;
  states: DriftChartState[];
  time: number | null;
}

const OPTIONS: OptionNames<DriftOptions> = { smallestShift: true, falseAlarmInterval: true, nRecent: true };

/**
 * Says when normal operation has moved away from what the detector was trained on, and whether it was the score, the level or the
 * spectrum: a new place for the microphone, a dirty filter, wear. It is fed what is judged normal (`score <= threshold`, no alarm),
 * since a fault is no drift.
 *
 * Each quantity (of the spectrum each band) has a two-sided cumulative sum of normal quantiles of its ranks among the reference
 * values, so that no distribution is assumed. What it may be off before it counts is half the smallest shift, and 1.645 standard
 * errors of the reference's mean. The limit is set for the false-alarm interval, shared among all. This takes updates for
 * independent: one a clip, not one a hop of overlapping windows, and a reference of as many days as there are.
 *
 * @see E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); S. T. Bakir, M. R. Reynolds, "A nonparametric procedure for
 *   process control based on within-group ranking", Technometrics 21 (1979)
 * @example
 * const monitor = new DriftMonitor(trainingClips.map(({ score, levelDb }) => ({ score, levelDb })));
 * const { moved, since } = monitor.update({ time, score, levelDb }); // ['level'], since when
 */
export class DriftMonitor {
  readonly settings: Readonly<DriftSettings>;
  readonly #references: DriftReferences;
  readonly #limits: DriftLimits[];
  #states: DriftChartState[];
  #time: number | null = null;

  /**
   * @param reference `[nClips]`, at least 20 held-out normal clips, all with the same quantities
   * @throws RangeError or TypeError for too few, equal or unequal ones, or a wrong option
   */
  constructor(reference: readonly DriftSample[] | DriftReferences, options: DriftOptions = {}) {
    const where = 'decision.DriftMonitor';
    this.settings = driftSettings(where, options);
    this.#references =
      reference instanceof DriftReferences ? reference : DriftReferences.fit(where, reference);
    this.#limits = chartLimits(this.#references, this.settings);
    this.#states = this.#references.all.map(() => INITIAL_CHART);
  }

  /** Whether the reference has levels and bands: updates may have them then. */
  get hasLevels(): boolean {
    return this.#references.hasLevel && this.#references.all.length > 2;
  }

  /**
   * @returns what has moved; a quantity that the update leaves out stays as it was
   * @throws RangeError for a value that is not finite, or a time before the last one; TypeError for another kind, or a quantity that
   *   the reference lacks
   */
  update({ time, ...sample }: DriftUpdate): DriftReport {
    const where = 'decision.DriftMonitor.update';
    checkNumber(`${where}: time`, time, FINITE);
    if (this.#time !== null && time < this.#time) {
      throw new RangeError(
        `${where}: time must not be before the last one, ${this.#time}, got ${time}. Give clips in the order of their time.`,
      );
    }
    const values = this.#references.inOrder(where, driftValues(where, sample));
    this.#time = time;
    this.#states = this.#states.map((state, i) => {
      const [value, reference, limits] = [values[i], this.#references.all[i]!, this.#limits[i]!];
      return value === undefined ? state : nextChart({ reference, state, limits }, value, time);
    });
    return this.report;
  }

  /** As of the last update. */
  get report(): DriftReport {
    const drifts = this.#references.all.map((reference, i) => chartDrift(reference, this.#states[i]!));
    const { score, level, spectrum } = this.#references.byName(drifts);
    const moved: DriftQuantity[] = [];
    if (score.moved !== null) moved.push('score');
    if (level !== undefined && level.moved !== null) moved.push('level');
    if (spectrum?.some((band) => band.moved !== null)) moved.push('spectrum');
    const since = drifts.flatMap((drift) => (drift.since === null ? [] : [drift.since]));
    return {
      moved,
      since: since.length === 0 ? null : Math.min(...since),
      score,
      ...(level && { level }),
      ...(spectrum && { spectrum }),
    };
  }

  toJSON(): DriftMonitorJSON {
    return {
      kind: KIND,
      version: JSON_VERSION,
      settings: { ...this.settings },
      ...this.#references.toJSON(),
      states: this.#states,
      time: this.#time,
    };
  }

  /** @throws RangeError or TypeError that names the field */
  static fromJSON(json: DriftMonitorJSON | string): DriftMonitor {
    const where = 'decision.DriftMonitor.fromJSON';
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    const references = DriftReferences.fromJSON(where, fields);
    const settings = checkKind(`${where}: settings`, fields.settings, 'object') as DriftSettings;
    const { states, time } = fields;
    if (!Array.isArray(states) || states.length !== references.all.length) {
      throw new TypeError(`${where}: states must be a list of one a reference.`);
    }
    const monitor = new DriftMonitor(references, settings);
    monitor.#states = states.map((state, i) => readChartState(`${where}: states[${i}]`, state));
    monitor.#time = time === null ? null : checkNumber(`${where}: time`, time, FINITE);
    return monitor;
  }
}

function driftSettings(where: string, options: DriftOptions): DriftSettings {
  checkOptions(where, options, OPTIONS);
  const { smallestShift = 1, falseAlarmInterval = 100_000, nRecent = 100 } = options;
  return {
    smallestShift: checkNumber(`${where}: smallestShift`, smallestShift, ABOVE_ZERO),
    falseAlarmInterval: checkNumber(`${where}: falseAlarmInterval`, falseAlarmInterval, numberAbove(1)),
    nRecent: checkNumber(`${where}: nRecent`, nRecent, POSITIVE_COUNT),
  };
}

/** One a quantity: all two-sided sums together raise one false alarm in the interval. */
function chartLimits(references: DriftReferences, settings: DriftSettings): DriftLimits[] {
  const allowance = settings.smallestShift / 2;
  const limit = cusumLimit(allowance, 2 * references.all.length * settings.falseAlarmInterval);
  return references.all.map(({ n, values }) => ({
    allowance: allowance + STANDARD_ERRORS / Math.sqrt(n),
    limit,
    nRecent: settings.nRecent,
    rankQuantiles: rankQuantiles(values.length),
  }));
}
