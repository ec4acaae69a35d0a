import { drawNormal } from '@serial-oe/foundation';

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
}

const MAX_DEVIATIONS = 3;

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
  };
}
