import { gammaQuantile } from '../distributions/gamma';
import { normalQuantile, normalUpper } from '../distributions/normal';
import { countAbove } from './count-above';
import { countInterval, type RateInterval } from './rate-interval';
import type { SessionSpread } from './session-spread';
import type { WeightedScores } from './weighted-scores';

/** Quantiles of the mean and of the deviation that are looked at; the square of it in all. */
const N_QUANTILES = 40;
/** A rate that small is 0. */
const TINY = 1e-15;

/**
 * Where the rate over many new sessions lies. What a few sessions leave open is the generalised confidence interval of a normal
 * distribution's tail: the rate for the means and deviations that the sessions' means are likely under. What the scores leave open
 * is the interval of Clopper and Pearson for all scores above the threshold. The two are put together as distances on the scale of
 * logarithms (the square root of their squares' sum), and the interval is never inside the second.
 * @see S. Weerahandi, "Generalized confidence intervals", JASA 88 (1993)
 * @see G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27 (2008)
 */
export function sessionInterval({
  threshold,
  scores,
  spread,
  confidence,
  within,
}: {
  threshold: number;
  scores: Float64Array;
  spread: SessionSpread;
  confidence: number;
  within: WeightedScores;
}): RateInterval {
  const nAbove = countAbove(scores, threshold);
  const counted = countInterval({ nAbove, nScores: scores.length }, confidence);
  const rates = likelyRates(threshold, spread, within);
  const at = (level: number) => Math.max(TINY, rates[Math.round(level * (rates.length - 1))]!);
  const [low, middle, high] = [at((1 - confidence) / 2), at(0.5), at((1 + confidence) / 2)];
  const share = Math.max(nAbove, 0.5) / scores.length;
  const up = Math.hypot(Math.log(high / middle), Math.log(counted.upper / share));
  const down = Math.hypot(Math.log(middle / low), Math.log(share / Math.max(TINY, counted.lower)));
  return {
    lower: nAbove === 0 ? 0 : Math.min(middle * Math.exp(-down), counted.lower),
    upper: Math.min(1, Math.max(middle * Math.exp(up), counted.upper)),
    confidence,
  };
}

/** Ascending, equally likely. */
function likelyRates(
  threshold: number,
  spread: SessionSpread,
  { values, weights }: WeightedScores,
): Float64Array {
  const { nSessions, mean, deviation } = spread;
  const nDegrees = nSessions - 1;
  const levels = Array.from({ length: N_QUANTILES }, (_, i) => (i + 0.5) / N_QUANTILES);
  const deviations = levels.map(
    (level) => deviation * Math.sqrt(nDegrees / 2 / gammaQuantile(nDegrees / 2, level)),
  );
  const errors = levels.map((level) => normalQuantile(level) / Math.sqrt(nSessions));
  const rates = deviations.flatMap((each) =>
    errors.map((error) => {
      const distance = threshold - mean - error * each;
      return values.reduce(
        (sum, value, i) =>
          sum + weights[i]! * (each > 0 ? normalUpper((distance - value) / each) : Number(value > distance)),
        0,
      );
    }),
  );
  return Float64Array.from(rates).sort();
}
