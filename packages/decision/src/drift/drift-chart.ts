import { AT_LEAST_ZERO, COUNT, checkKind, checkNumber, FINITE } from '@serial-oe/foundation';
import { doubleRank } from './normal-ranks';

/** What one quantity's reference values were. */
export interface DriftReference {
  mean: number;
  /** Sample standard deviation, above 0. */
  deviation: number;
  /** How many there were. */
  n: number;
  /** Ascending; all, or quantiles of them. */
  values: Float64Array;
}

/** One cumulative sum. */
export interface DriftSum {
  sum: number;
  /** When it was last 0, null where it is. */
  since: number | null;
  /** From when it passes the limit until it is 0 again. */
  moved: boolean;
}

/** What a chart remembers. */
export interface DriftChartState {
  up: DriftSum;
  down: DriftSum;
  nUpdates: number;
  /** Running, of about the last nRecent values. */
  mean: number;
  variance: number;
}

export interface QuantityDrift {
  /** Where it has moved to; null where it has not. */
  moved: 'up' | 'down' | null;
  /** Seconds: the last time at which nothing spoke for a move; null where it has not moved. */
  since: number | null;
  /** Running mean of about the last `nRecent` values, and their deviation. */
  mean: number;
  deviation: number;
  /** The running mean less that of the reference, in the reference's deviations. */
  shift: number;
}

/** How charts decide. */
export interface DriftLimits {
  allowance: number;
  limit: number;
  nRecent: number;
  rankQuantiles: Float64Array;
}

const UNMOVED: DriftSum = { sum: 0, since: null, moved: false };
export const INITIAL_CHART: DriftChartState = {
  up: UNMOVED,
  down: UNMOVED,
  nUpdates: 0,
  mean: 0,
  variance: 0,
};
/** Sums stop at that many limits, so that they come down again once what moved has come back. */
const LARGEST_SUM = 2;

/** A chart's state after one more value at a time. */
export function nextChart(
  { reference, state, limits }: { reference: DriftReference; state: DriftChartState; limits: DriftLimits },
  value: number,
  time: number,
): DriftChartState {
  const z = limits.rankQuantiles[doubleRank(reference.values, value)]!;
  const nUpdates = state.nUpdates + 1;
  const weight = Math.max(1 / nUpdates, 2 / (limits.nRecent + 1));
  const difference = value - state.mean;
  return {
    up: nextSum(state.up, z, { ...limits, time }),
    down: nextSum(state.down, -z, { ...limits, time }),
    nUpdates,
    mean: state.mean + weight * difference,
    variance: (1 - weight) * (state.variance + weight * difference ** 2),
  };
}

function nextSum(
  before: DriftSum,
  z: number,
  { allowance, limit, time }: { allowance: number; limit: number; time: number },
): DriftSum {
  const sum = Math.min(LARGEST_SUM * limit, before.sum + z - allowance);
  if (!(sum > 0)) return UNMOVED;
  return { sum, since: before.since ?? time, moved: before.moved || sum > limit };
}

/** What a chart says. */
export function chartDrift(reference: DriftReference, state: DriftChartState): QuantityDrift {
  const { up, down, nUpdates, mean, variance } = state;
  const moved = up.moved && up.sum >= down.sum ? 'up' : down.moved ? 'down' : up.moved ? 'up' : null;
  return {
    moved,
    since: moved === null ? null : state[moved].since,
    mean: nUpdates === 0 ? reference.mean : mean,
    deviation: Math.sqrt(variance),
    shift: nUpdates === 0 ? 0 : (mean - reference.mean) / reference.deviation,
  };
}

/** @throws RangeError or TypeError that names the field */
export function readChartState(where: string, value: unknown): DriftChartState {
  const fields = checkKind(where, value, 'object') as Record<string, unknown>;
  return {
    up: readSum(`${where}.up`, fields.up),
    down: readSum(`${where}.down`, fields.down),
    nUpdates: checkNumber(`${where}.nUpdates`, fields.nUpdates, COUNT),
    mean: checkNumber(`${where}.mean`, fields.mean, FINITE),
    variance: checkNumber(`${where}.variance`, fields.variance, AT_LEAST_ZERO),
  };
}

function readSum(where: string, value: unknown): DriftSum {
  const { sum, since, moved } = checkKind(where, value, 'object') as Record<string, unknown>;
  return {
    sum: checkNumber(`${where}.sum`, sum, AT_LEAST_ZERO),
    since: since === null ? null : checkNumber(`${where}.since`, since, FINITE),
    moved: checkKind(`${where}.moved`, moved, 'boolean'),
  };
}
