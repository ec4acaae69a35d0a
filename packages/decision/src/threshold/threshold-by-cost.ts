import { AT_LEAST_ZERO, checkNumber, checkOptions, FRACTION, type OptionNames } from '@serial-oe/foundation';
import { checkScores } from './check-scores';
import { countAbove } from './count-above';

export interface CostOptions {
  /** Of a normal clip that is called anomalous, in any unit. */
  falseAlarmCost: number;
  /** Of an anomalous clip that is called normal, in the same unit. */
  missCost: number;
  /** Share of clips in use that are anomalous, in [0, 1]: not that of the labelled ones. */
  anomalyRate: number;
}

/** A threshold of least cost, and what it does on the clips that it was chosen on. */
export interface CostThreshold {
  /** A clip is anomalous where its score is above it. */
  threshold: number;
  /** A clip, in the unit of the costs. */
  expectedCost: number;
  falseAlarms: { nAbove: number; nScores: number };
  misses: { nBelow: number; nScores: number };
}

const OPTIONS: OptionNames<CostOptions> = { falseAlarmCost: true, missCost: true, anomalyRate: true };
/** Costs that differ by less, as a share of what they can be, are the same. */
const ROUNDING = 1e-12;

/**
 * The threshold of least expected cost a clip, (1 - anomalyRate) falseAlarmCost P(false alarm) + anomalyRate missCost P(miss), by
 * the labelled scores. It lies in the middle between two neighbouring scores; on the highest score where no alarm is cheapest; just
 * below the lowest where nothing but alarms is. Of several that cost the same it is the highest: the fewest alarms. It is chosen on
 * the clips that its cost is told for, so that new ones cost more.
 *
 * @param normalScores `[nNormal]`, at least one
 * @param anomalousScores `[nAnomalous]`, at least one
 * @throws RangeError for no score or one that is not finite, negative costs or a rate outside [0, 1]; TypeError for another kind
 */
export function thresholdByCost(
  normalScores: ArrayLike<number>,
  anomalousScores: ArrayLike<number>,
  options: CostOptions,
): CostThreshold {
  const where = 'decision.thresholdByCost';
  checkOptions(where, options, OPTIONS);
  const falseAlarmCost = checkNumber(`${where}: falseAlarmCost`, options.falseAlarmCost, AT_LEAST_ZERO);
  const missCost = checkNumber(`${where}: missCost`, options.missCost, AT_LEAST_ZERO);
  const anomalyRate = checkNumber(`${where}: anomalyRate`, options.anomalyRate, FRACTION);
  const normals = checkScores(`${where}: normalScores`, normalScores).sort();
  const anomalies = checkScores(`${where}: anomalousScores`, anomalousScores).sort();
  const costOfAlarm = ((1 - anomalyRate) * falseAlarmCost) / normals.length;
  const costOfMiss = (anomalyRate * missCost) / anomalies.length;
  const slack = ROUNDING * (costOfAlarm * normals.length + costOfMiss * anomalies.length);

  const distinct = Float64Array.from(new Set([...normals, ...anomalies])).sort();
  let nNormal = 0; // at or below the score
  let nAnomalous = 0;
  let threshold = justBelow(distinct[0]!);
  let least = costOfAlarm * normals.length;
  for (const [i, score] of distinct.entries()) {
    while (normals[nNormal]! <= score) nNormal++;
    while (anomalies[nAnomalous]! <= score) nAnomalous++;
    const cost = costOfAlarm * (normals.length - nNormal) + costOfMiss * nAnomalous;
    if (cost > least + slack) continue;
    least = Math.min(least, cost);
    threshold = between(score, distinct[i + 1] ?? score);
  }
  const nAbove = countAbove(normals, threshold);
  const nBelow = anomalies.length - countAbove(anomalies, threshold);
  return {
    threshold,
    expectedCost: costOfAlarm * nAbove + costOfMiss * nBelow,
    falseAlarms: { nAbove, nScores: normals.length },
    misses: { nBelow, nScores: anomalies.length },
  };
}

/** In the middle, but below `next` where the two are neighbours among numbers. */
function between(score: number, next: number): number {
  const middle = score / 2 + next / 2;
  return middle > score && middle < next ? middle : score;
}

/** A number below the score, as near as the size of numbers there allows without counting bits. */
function justBelow(score: number): number {
  return score - Math.max(Number.MIN_VALUE, Math.abs(score) * Number.EPSILON);
}
