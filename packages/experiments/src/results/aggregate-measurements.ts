import type { Aggregate, Measurement, Scope, Spread } from './experiment-results';
import { meanOf } from './mean-of';
import type { Metric } from './metric';

type Place = Pick<Aggregate, 'variant' | 'scope' | 'machineType' | 'machineId'>;
type Figures = Partial<Record<Metric, number | null>>;

const METRICS: readonly Metric[] = ['auc', 'pAuc', 'aAuc', 'mAuc', 'official'];

/** Over the types; DCASE's official figure is a harmonic mean there too, of types that have as many sections each. */
const MEANS: Readonly<Record<Metric, (values: readonly number[]) => number>> = {
  ...{ auc: meanOf, pAuc: meanOf, aAuc: meanOf, mAuc: meanOf },
  official: (values) => 1 / meanOf(values.map((value) => 1 / value)),
};

/**
 * Mean and standard deviation over the seeds of every figure: of each machine ID, each type (mean of its IDs, and pooled),
 * and of the mean over all types, which is taken for each seed that has all of them.
 * @param machineTypes all types that were to be measured: one whose runs all failed leaves no mean over the others
 */
export function aggregateMeasurements(
  measurements: readonly Measurement[],
  machineTypes: readonly string[],
): Aggregate[] {
  const values = new Map<string, { place: Place; metric: Metric; values: number[] }>();
  const add = (place: Place, figures: Figures) => {
    for (const metric of METRICS) {
      const value = figures[metric];
      if (value === null || value === undefined) continue;
      const key = JSON.stringify([place, metric]);
      const entry = values.get(key) ?? { place, metric, values: [] };
      entry.values.push(value);
      values.set(key, entry);
    }
  };
  for (const { variant, machineType, perId, type, pooled } of measurements) {
    const at = (scope: Scope, machineId: string | null = null) => ({
      variant,
      scope,
      machineType,
      machineId,
    });
    for (const { machineId, auc, pAuc, aAuc } of perId) add(at('id', machineId), { auc, pAuc, aAuc });
    add(at('type'), type);
    add(at('pooled'), pooled);
  }
  for (const { variant, figures } of overall(measurements, machineTypes.length)) {
    add({ variant, scope: 'overall', machineType: null, machineId: null }, figures);
  }
  return [...values.values()].map(({ place, metric, values: some }) => ({
    ...place,
    metric,
    ...spread(some),
  }));
}

/** Of each variant and seed that was measured on every type: the mean over the types. */
function overall(
  measurements: readonly Measurement[],
  nTypes: number,
): { variant: string; figures: Figures }[] {
  const groups = new Map<string, Measurement[]>();
  for (const each of measurements) {
    const key = JSON.stringify([each.variant, each.seed]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()]
    .filter((group) => group.length === nTypes)
    .map((group) => ({
      variant: (group[0] as Measurement).variant,
      figures: Object.fromEntries(
        METRICS.map((metric) => {
          const ofTypes = group.map(({ type }) => type[metric] ?? null);
          const isWhole = ofTypes.every((value) => value !== null);
          return [metric, isWhole ? MEANS[metric](ofTypes as number[]) : null];
        }),
      ),
    }));
}

function spread(values: readonly number[]): Spread {
  const average = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  const nSeeds = values.length;
  return { mean: average, std: nSeeds > 1 ? Math.sqrt(squares / (nSeeds - 1)) : null, nSeeds };
}
