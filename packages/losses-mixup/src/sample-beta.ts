import {
  ABOVE_ZERO,
  checkNumber,
  checkRandom,
  drawNormal,
  drawUniform,
  type NumberRule,
} from '@serial-oe/foundation';

/** Below this shape the logarithm of a gamma variate, log(u) / a, overflows. */
const SMALLEST_SHAPE = 1e-300;

const SHAPE: NumberRule = { ...ABOVE_ZERO, isValid: (x) => x >= SMALLEST_SHAPE && x < Infinity };

/**
 * Draws from the beta distribution with shapes a and b: X / (X + Y) of gamma variates X ~ G(a), Y ~ G(b).
 *
 * Small shapes make X and Y underflow together (for a = 0.01 often), so both stay logarithms, and
 * X / (X + Y) = 1 / (1 + exp(log Y - log X)) is never NaN.
 * @param a above 0.
 * @param b above 0.
 * @param random uniform in [0, 1).
 * @returns a number in [0, 1]; 0 and 1 occur by rounding when a shape is small.
 * @throws TypeError or RangeError for a or b outside their range, or no generator.
 * @example
 * const lambda = sampleBeta(0.2, 0.2, random);
 */
export function sampleBeta(a: number, b: number, random: () => number): number {
  checkNumber('losses-mixup.sampleBeta: a', a, SHAPE);
  checkNumber('losses-mixup.sampleBeta: b', b, SHAPE);
  checkRandom('losses-mixup.sampleBeta: random', random);
  const logX = sampleLogGamma(a, random);
  const logY = sampleLogGamma(b, random);
  return 1 / (1 + Math.exp(logY - logX));
}

/** Logarithm of a gamma variate of scale 1. For a < 1: G(a) = G(a + 1) U^(1/a). */
function sampleLogGamma(a: number, random: () => number): number {
  if (a >= 1) return sampleLogGammaFromOne(a, random);
  const logU = Math.log(1 - drawUniform(random)); // of a number in (0, 1]
  return sampleLogGammaFromOne(a + 1, random) + logU / a;
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; a >= 1. */
function sampleLogGammaFromOne(a: number, random: () => number): number {
  const d = a - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const root = 1 + c * x;
    const logU = Math.log(1 - drawUniform(random));
    if (root <= 0) continue;
    const logV = 3 * Math.log(root);
    if (logU <= 0.5 * x * x + d * (1 - root ** 3 + logV)) return Math.log(d) + logV;
  }
}
