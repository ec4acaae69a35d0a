import { pairedDifference, pairsNeeded } from '@serial-oe/evaluation';
import { bootstrapClips } from './bootstrap-clips';
import type { DifferenceData, VariantPair } from './difference-data';
import type { Difference, Measurement, ResultVariant } from './experiment-results';
import { meanOf } from './mean-of';

/** Two machines tell nothing of others: their interval is 13 deviations wide to either side. */
const MIN_MACHINES = 3;

/** The difference whose cost in seeds is told. */
const NEEDED_DIFFERENCE = 0.03;

/**
 * The paired differences of every variant from its base: for the mean over the machine types, where there are several, and for
 * each of them.
 */
export function findDifferences(data: DifferenceData): Difference[] {
  const { machineTypes } = data;
  const pairs = pairsOf(data.variants);
  const places = [...(machineTypes.length > 1 ? [null] : []), ...machineTypes];
  const overClips = bootstrapClips(pairs, places, data);
  return places.flatMap((machineType) =>
    pairs.flatMap((pair) => {
      const types = machineType === null ? machineTypes : [machineType];
      const found = differenceOf(pair, types, data);
      return found === null
        ? []
        : [{ ...pair, machineType, ...found, overClips: overClips(pair, machineType) }];
    }),
  );
}

/** Each variant but the first, with its base: on a curve its first point, else the first variant. */
export function pairsOf(variants: readonly ResultVariant[]): VariantPair[] {
  const [first] = variants;
  return variants.slice(1).map(({ id, curve }) => {
    const start = variants.find((each) => curve !== null && each.curve?.label === curve.label);
    return { variant: id, base: (start === undefined || start.id === id ? first : start)?.id ?? id };
  });
}

function differenceOf(
  { variant, base }: VariantPair,
  machineTypes: readonly string[],
  { measurements }: DifferenceData,
): Omit<Difference, 'variant' | 'base' | 'machineType' | 'overClips'> | null {
  const ours = figuresBySeed(variant, machineTypes, measurements);
  const theirs = figuresBySeed(base, machineTypes, measurements);
  const seeds = [...ours.keys()].filter((seed) => theirs.has(seed));
  if (seeds.length === 0) return null;
  const values = seeds.map((seed) => ours.get(seed) as number);
  const bases = seeds.map((seed) => theirs.get(seed) as number);
  const mean = meanOf(values.map((value, i) => value - (bases[i] as number)));
  const nSeeds = seeds.length;
  const machines = machinePairs({ variant, base }, { machineTypes, seeds, measurements });
  const overMachines = machines.length >= MIN_MACHINES ? intervalOver(machines) : null;
  if (nSeeds < 2) return { mean, std: null, nSeeds, overSeeds: null, overMachines, nSeedsNeeded: null };
  const { std, lower, upper } = pairedDifference(values, bases);
  const overSeeds = { lower, upper, n: nSeeds };
  const nSeedsNeeded = pairsNeeded({ std, difference: NEEDED_DIFFERENCE });
  return { mean, std, nSeeds, overSeeds, overMachines, nSeedsNeeded };
}

/** aAUC by seed, the mean over the types; a seed that lacks one of them is left out. */
function figuresBySeed(
  variant: string,
  machineTypes: readonly string[],
  measurements: readonly Measurement[],
): Map<number, number> {
  const bySeed = new Map<number, number[]>();
  for (const { variant: id, machineType, seed, type } of measurements) {
    if (id !== variant || !machineTypes.includes(machineType) || type.aAuc === null) continue;
    bySeed.set(seed, [...(bySeed.get(seed) ?? []), type.aAuc]);
  }
  const whole = [...bySeed].filter(([, values]) => values.length === machineTypes.length);
  return new Map(whole.map(([seed, values]) => [seed, meanOf(values)]));
}

/** aAUC of each averaged machine ID, mean over the seeds, of variant and base. */
function machinePairs(
  { variant, base }: VariantPair,
  {
    machineTypes,
    seeds,
    measurements,
  }: { machineTypes: readonly string[]; seeds: readonly number[]; measurements: readonly Measurement[] },
): [number, number][] {
  const ofMachine = (id: string) => {
    const values = new Map<string, number[]>();
    for (const each of measurements) {
      if (each.variant !== id || !machineTypes.includes(each.machineType) || !seeds.includes(each.seed))
        continue;
      for (const { machineId, isAveraged, aAuc } of each.perId) {
        const key = JSON.stringify([each.machineType, machineId]);
        if (isAveraged && aAuc !== null) values.set(key, [...(values.get(key) ?? []), aAuc]);
      }
    }
    return values;
  };
  const [ours, theirs] = [ofMachine(variant), ofMachine(base)];
  return [...ours].flatMap(([key, values]): [number, number][] => {
    const others = theirs.get(key);
    return others?.length === values.length ? [[meanOf(values), meanOf(others)]] : [];
  });
}

function intervalOver(pairs: readonly [number, number][]): Difference['overMachines'] {
  const { lower, upper, nPairs } = pairedDifference(
    pairs.map(([ours]) => ours),
    pairs.map(([, theirs]) => theirs),
  );
  return { lower, upper, n: nPairs };
}
