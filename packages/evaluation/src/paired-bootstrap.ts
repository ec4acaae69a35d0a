import {
  checkedRandom,
  checkKind,
  checkNumber,
  checkOptions,
  checkRandom,
  drawIndex,
  type OptionNames,
  quantile,
  show,
} from '@serial-oe/foundation';
import { CONFIDENCE, N_RESAMPLES } from './check';

/** Options of {@link pairedBootstrap}. */
export interface PairedBootstrapOptions {
  /** `[nClips]`, what each clip is drawn among: clips of the same machine and label, for instance. */
  strata: readonly string[];
  /**
   * Figures of a sample, given by the indices of its clips, as many as there are; always the same number of them, finite.
   * What it computes on the same clips (two systems, their difference) is compared on the same clips in every resample. The list is
   * used again for the next one.
   */
  statistics: (clips: Int32Array) => ArrayLike<number>;
  /** Number of resamples, at least 2. Default 1000. */
  nResamples?: number;
  /** Coverage of the intervals, between 0 and 1. Default 0.95. */
  confidence?: number;
  /** Uniform in [0, 1); the only source of randomness. */
  random: () => number;
}

const CALLER = 'evaluation.pairedBootstrap';

const OPTIONS: OptionNames<PairedBootstrapOptions> = {
  strata: true,
  statistics: true,
  nResamples: true,
  confidence: true,
  random: true,
};

/** A figure with the ends of its percentile interval. */
export interface BootstrappedFigure {
  /** On the clips themselves. */
  estimate: number;
  lower: number;
  upper: number;
}

/**
 * Percentile intervals of several figures of the same clips, by one stratified bootstrap: each resample draws the clips of every
 * stratum with replacement among themselves, so that it has as many of each machine and label as the data.
 *
 * A resample keeps the order of the strata of the clips: place i gets a clip of the stratum of clip i, index = floor(random() * n)
 * into that stratum in its given order.
 *
 * @returns as many as `statistics` gives
 * @throws RangeError for no clips, options out of range, or figures that are not finite or of another number on a resample
 * @see B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
 */
export function pairedBootstrap(options: PairedBootstrapOptions): BootstrappedFigure[] {
  checkOptions(CALLER, options, OPTIONS);
  const { strata, statistics, nResamples = 1000, confidence = 0.95 } = options;
  const random = checkedRandom(CALLER, checkRandom(`${CALLER}: random`, options.random));
  checkNumber(`${CALLER}: nResamples`, nResamples, N_RESAMPLES);
  checkNumber(`${CALLER}: confidence`, confidence, CONFIDENCE);
  checkKind(`${CALLER}: statistics`, statistics, 'function');
  if (!Array.isArray(strata) || strata.length === 0) {
    throw new RangeError(`${CALLER}: strata must name that of each clip, at least one, got ${show(strata)}.`);
  }
  const estimates = checkedFigures(statistics(Int32Array.from(strata, (_, i) => i)));
  const figures = estimates.map(() => new Float64Array(nResamples));
  const members = membersOf(strata);
  const drawn = new Int32Array(strata.length);
  for (let r = 0; r < nResamples; r++) {
    for (let i = 0; i < drawn.length; i++) {
      const among = members[i] as number[];
      drawn[i] = among[drawIndex(among.length, random)]!;
    }
    const ofResample = checkedFigures(statistics(drawn), estimates.length);
    for (const [k, values] of figures.entries()) values[r] = ofResample[k]!;
  }
  const tail = (1 - confidence) / 2;
  return estimates.map((estimate, k) => {
    const sorted = (figures[k] as Float64Array).sort();
    return { estimate, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) };
  });
}

/** Of each clip, the indices of all clips of its stratum. */
function membersOf(strata: readonly string[]): number[][] {
  const byName = new Map<string, number[]>();
  for (const [i, name] of strata.entries()) {
    const members = byName.get(name) ?? [];
    byName.set(name, members);
    members.push(i);
  }
  return strata.map((name) => byName.get(name) as number[]);
}

function checkedFigures(values: ArrayLike<number>, n = values.length): number[] {
  const figures = Array.from(values);
  if (figures.length === n && figures.every(Number.isFinite)) return figures;
  throw new RangeError(
    `${CALLER}: statistics must give finite numbers, as many on every resample, got ${show(figures)}.`,
  );
}
