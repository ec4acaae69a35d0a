import {
  checkedRandom,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkRandom,
  drawIndex,
  type OptionNames,
  quantile,
} from '@serial-oe/foundation';
import type { ClassScores } from './check';
import { CONFIDENCE, N_RESAMPLES, splitByClass } from './check';
import type { Label } from './label';
import { normalCdf, normalQuantile } from './normal-distribution';
import { areaOfClasses } from './roc-auc';

/** A figure of labels (0 normal, 1 anomaly) and scores; it must be finite on every resample. */
export type Statistic = (labels: Uint8Array, scores: Float64Array) => number;

/** Options of {@link bootstrapInterval}. */
export interface BootstrapIntervalOptions {
  /** `[nClips]`, 1 or `'anomaly'` for anomalies, 0 or `'normal'` for normal clips; both must occur. */
  labels: ArrayLike<Label>;
  /** `[nClips]`, finite anomaly scores. */
  scores: ArrayLike<number>;
  /** What the interval is for. Default the AUC; for pAUC pass `(l, s) => rocAuc(l, s, { maxFpr: 0.1 })`. */
  statistic?: Statistic;
  /** Number of resamples, at least 2. Default 1000. */
  nResamples?: number;
  /** Coverage of the interval, between 0 and 1. Default 0.95. */
  confidence?: number;
  /** `'percentile'` (default) or `'bca'`, bias-corrected and accelerated: one more evaluation a clip. */
  method?: 'percentile' | 'bca';
  /** Uniform in [0, 1); the only source of randomness. */
  random: () => number;
}

const CALLER = 'evaluation.bootstrapInterval';

const OPTIONS: OptionNames<BootstrapIntervalOptions> = {
  labels: true,
  scores: true,
  statistic: true,
  nResamples: true,
  confidence: true,
  method: true,
  random: true,
};

/** A confidence interval and what it belongs to. */
export interface BootstrapInterval {
  /** The statistic on the data themselves. */
  estimate: number;
  lower: number;
  upper: number;
  confidence: number;
  nResamples: number;
  method: 'percentile' | 'bca';
}

/**
 * Confidence interval of a figure by the stratified bootstrap: normal and anomalous clips are drawn with replacement
 * each from their own class, so every resample has the class sizes of the data.
 *
 * Each resample draws the normal clips first, then the anomalous ones, index = floor(random() * n) into the class in
 * its given order. The ends are quantiles of the resampled figures, linear between order statistics as NumPy's
 * `percentile`; `'bca'` shifts their levels by the bias z0 and the acceleration a of a stratified jackknife, as
 * SciPy's `bootstrap` does for two samples (a is 0 where the jackknife has no spread).
 *
 * @throws RangeError for bad input as in `rocAuc`, nResamples, confidence or method out of range, a non-finite
 *   statistic, or `'bca'` where it is undefined (one clip in a class, or every resample on one side of the estimate);
 *   TypeError for other kinds and for an option that there is not.
 * @see B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 13 and 14.
 */
export function bootstrapInterval(options: BootstrapIntervalOptions): BootstrapInterval {
  checkOptions(CALLER, options, OPTIONS);
  const { labels, scores, statistic, nResamples = 1000, confidence = 0.95, method = 'percentile' } = options;
  const random = checkedRandom(CALLER, checkRandom(`${CALLER}: random`, options.random));
  checkNumber(`${CALLER}: nResamples`, nResamples, N_RESAMPLES);
  checkNumber(`${CALLER}: confidence`, confidence, CONFIDENCE);
  checkOneOf(`${CALLER}: method`, method, ['percentile', 'bca']);
  if (statistic !== undefined) checkKind(`${CALLER}: statistic`, statistic, 'function');
  const classes = splitByClass('bootstrapInterval', labels, scores);
  const evaluate = evaluator(statistic);
  const estimate = evaluate(classes);
  const resample: ClassScores = {
    normal: new Float64Array(classes.normal.length),
    anomalous: new Float64Array(classes.anomalous.length),
  };
  const figures = new Float64Array(nResamples);
  for (let i = 0; i < nResamples; i++) {
    draw(classes.normal, resample.normal, random);
    draw(classes.anomalous, resample.anomalous, random);
    figures[i] = evaluate(resample);
  }
  figures.sort();
  const tail = (1 - confidence) / 2;
  const levels: [number, number] =
    method === 'bca'
      ? bcaLevels(bias(estimate, figures), acceleration(classes, evaluate), tail)
      : [tail, 1 - tail];
  const [lower, upper] = [quantile(figures, levels[0]), quantile(figures, levels[1])];
  return { estimate, lower, upper, confidence, nResamples, method };
}

/** Calls the statistic on class scores; the default AUC skips the detour over labels. */
function evaluator(statistic: Statistic | undefined): (classes: ClassScores) => number {
  if (statistic === undefined) return (classes) => areaOfClasses(classes, 1);
  return ({ normal, anomalous }) => {
    const labels = new Uint8Array(normal.length + anomalous.length).fill(1, normal.length);
    const scores = new Float64Array(labels.length);
    scores.set(normal);
    scores.set(anomalous, normal.length);
    const figure = statistic(labels, scores);
    if (!Number.isFinite(figure)) {
      throw new RangeError(`${CALLER}: statistic must return a finite number, got ${figure} on a resample.`);
    }
    return figure;
  };
}

function draw(from: Float64Array, into: Float64Array, random: () => number): void {
  for (let i = 0; i < into.length; i++) into[i] = from[drawIndex(from.length, random)]!;
}

/** Levels of the two ends: Phi(z0 + (z0 + z) / (1 - a (z0 + z))) for z = the normal quantile of each tail. */
function bcaLevels(z0: number, a: number, tail: number): [number, number] {
  const level = (z: number) => normalCdf(z0 + (z0 + z) / (1 - a * (z0 + z)));
  const z = normalQuantile(tail);
  return [level(z), level(-z)];
}

/** z0, the normal quantile of the share of resampled figures below the estimate; ties count half. */
function bias(estimate: number, figures: Float64Array): number {
  let nBelow = 0;
  let nEqual = 0;
  for (const figure of figures) {
    if (figure < estimate) nBelow++;
    else if (figure === estimate) nEqual++;
  }
  const rank = (nBelow + nEqual / 2) / figures.length;
  if (rank === 0 || rank === 1) {
    throw new RangeError(
      `${CALLER}: method 'bca' must have resamples on both sides of the estimate, got ` +
        `all of ${figures.length} on one side. Use 'percentile' or more resamples.`,
    );
  }
  return normalQuantile(rank);
}

/** sum(U^3) / (6 sum(U^2)^(3/2)), U = the jackknife's influence values, each class scaled by its own size. */
function acceleration(classes: ClassScores, evaluate: (classes: ClassScores) => number): number {
  let cubes = 0;
  let squares = 0;
  for (const key of ['normal', 'anomalous'] as const) {
    const whole = classes[key];
    const n = whole.length;
    if (n < 2) {
      throw new RangeError(
        `${CALLER}: method 'bca' must have at least 2 clips of each class, got ` +
          `1 ${key} clip. Use 'percentile'.`,
      );
    }
    const figures = Array.from(whole, (_, i) =>
      evaluate({ ...classes, [key]: whole.filter((_, j) => j !== i) }),
    );
    const center = figures.reduce((sum, figure) => sum + figure, 0) / n;
    for (const figure of figures) {
      const influence = (n - 1) * (center - figure);
      cubes += influence ** 3 / n ** 3;
      squares += influence ** 2 / n ** 2;
    }
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
