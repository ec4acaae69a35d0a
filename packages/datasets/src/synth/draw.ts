import { drawNormal, seededRandom } from '@serial-oe/foundation';

/** Draws from one uniform stream in the shapes that machine parameters come in. */
export interface Draw {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Uniform on a logarithmic axis in [low, high), for frequencies and times. */
  logUniform(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number;
  /** Gaussian of mean 0 and the given standard deviation, cut at three of them. */
  normal(standardDeviation: number): number;
  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** A stream of its own: however much is drawn from it, what is drawn from this one afterwards stays the same. */
  branch(): Draw;
}

const MAX_DEVIATIONS = 3;

/** Share of a parameter's whole range by which IDs of one design differ at an `idSpread` of 1. */
const TOLERANCE = 0.1;

/** Wraps a uniform stream. Each call draws once, `normal` twice. */
export function createDraw(random: () => number): Draw {
  const uniform = (low: number, high: number) => low + (high - low) * random();
  return {
    uniform,
    logUniform: (low, high) => Math.exp(uniform(Math.log(low), Math.log(high))),
    integer: (low, high) => Math.floor(uniform(low, high + 1)),
    normal: (standardDeviation) => {
      const value = drawNormal(random);
      return standardDeviation * Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, value));
    },
    pick: <T>(values: readonly [T, ...T[]]) => values[Math.floor(random() * values.length)] as T,
    branch: () => createDraw(seededRandom(random(), 'branch')),
  };
}

/**
 * Draws the parameters of one machine out of a series: those of the design, moved by a share of the way towards those that
 * the machine would have had if it were a design of its own. Counts and choices are the design's until the share is half.
 *
 * @param design the design's stream, the same for each machine of it
 * @param own the machine's stream
 * @param idSpread 0: all alike; 1: tolerances of manufacture, a tenth of each parameter's range; 10: designs of their own
 */
export function createSeriesDraw(design: Draw, own: Draw, idSpread: number): Draw {
  const share = Math.min(1, TOLERANCE * idSpread);
  const between = (nominal: number, individual: number) => nominal + share * (individual - nominal);
  const uniform = (low: number, high: number) => between(design.uniform(low, high), own.uniform(low, high));
  return {
    uniform,
    logUniform: (low, high) => Math.exp(uniform(Math.log(low), Math.log(high))),
    integer: (low, high) => Math.round(between(design.integer(low, high), own.integer(low, high))),
    normal: (standardDeviation) => between(design.normal(standardDeviation), own.normal(standardDeviation)),
    pick: <T>(values: readonly [T, ...T[]]) => {
      const [nominal, individual] = [design.pick(values), own.pick(values)];
      return share < 0.5 ? nominal : individual;
    },
    branch: () => createSeriesDraw(design.branch(), own.branch(), idSpread),
  };
}
