import type { ExperimentResults, ResultVariant } from './experiment-results';
import { cellOf } from './results-table';

/** Variants that a sentence names; the others are counted. */
const MAX_NAMED = 3;

/**
 * Where a baseline does as well as other variants or better, by mean aAUC: a sentence for each machine type and for the average;
 * none where it does nowhere.
 */
export function whereBaselinesWin(results: ExperimentResults): string[] {
  const { machineTypes, variants } = results;
  const places = [...machineTypes, ...(machineTypes.length > 1 ? [null] : [])];
  const baselines = variants.filter(({ isBaseline }) => isBaseline);
  return places.flatMap((machineType) => {
    const wins = baselines.flatMap((baseline) => {
      const own = aAucOf(results, baseline, machineType);
      const beaten = variants.filter((each) => {
        const theirs = each.isBaseline ? null : aAucOf(results, each, machineType);
        return own !== null && theirs !== null && theirs <= own && isComparable(each, baseline);
      });
      return beaten.length === 0
        ? []
        : [`${nameOf(results, baseline, machineType)} against ${namesOf(results, beaten, machineType)}`];
    });
    const place = machineType === null ? 'on average' : `on ${machineType}`;
    return wins.length === 0 ? [] : [`Not better than a baseline ${place}, by aAUC: ${wins.join('; ')}.`];
  });
}

/** Points of curves are compared at the same place. */
function isComparable({ curve }: ResultVariant, baseline: ResultVariant): boolean {
  return curve === null || baseline.curve === null || curve.x === baseline.curve.x;
}

function namesOf(
  results: ExperimentResults,
  variants: readonly ResultVariant[],
  machineType: string | null,
): string {
  const named = variants.slice(0, MAX_NAMED).map((variant) => nameOf(results, variant, machineType));
  const nMore = variants.length - named.length;
  return [...named, ...(nMore > 0 ? [`${nMore} more`] : [])].join(', ');
}

function nameOf(results: ExperimentResults, variant: ResultVariant, machineType: string | null): string {
  return `${variant.title} (${aAucOf(results, variant, machineType)?.toFixed(2)})`;
}

/** Per cent. */
function aAucOf(
  { aggregates }: ExperimentResults,
  { id }: ResultVariant,
  machineType: string | null,
): number | null {
  const scope = machineType === null ? ('overall' as const) : ('type' as const);
  return cellOf(aggregates, { variant: id, scope, machineType, metric: 'aAuc' })?.mean ?? null;
}
