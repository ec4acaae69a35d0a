import type { Difference, DifferenceInterval, ExperimentResults } from './experiment-results';

/** Paired differences in points as texts, a row each. */
export interface DifferencesTable {
  columns: string[];
  rows: string[][];
}

/** The given differences of an experiment, in points of aAUC with their 95 % intervals. */
export function differencesTable(
  { variants }: Pick<ExperimentResults, 'variants'>,
  differences: readonly Difference[],
): DifferencesTable {
  const titleOf = (id: string) => variants.find((variant) => variant.id === id)?.title ?? id;
  return {
    columns: [
      ...['Variant', 'minus', 'points', 'over seeds', 'over test clips', 'over machine IDs'],
      'seeds for 3 points',
    ],
    rows: differences.map(({ variant, base, mean, overSeeds, overClips, overMachines, nSeedsNeeded }) => [
      ...[titleOf(variant), titleOf(base), signed(mean)],
      ...[intervalText(overSeeds), intervalText(overClips), intervalText(overMachines)],
      nSeedsNeeded === null ? '-' : String(nSeedsNeeded),
    ]),
  };
}

/** "-1.20 to +3.40", or a dash. */
function intervalText(interval: DifferenceInterval | null): string {
  return interval === null ? '-' : `${signed(interval.lower)} to ${signed(interval.upper)}`;
}

/** In points. */
function signed(value: number): string {
  const text = (100 * value).toFixed(2);
  return text.startsWith('-') ? text : `+${text}`;
}
