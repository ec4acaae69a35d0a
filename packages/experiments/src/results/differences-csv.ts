import { csvField } from '@serial-oe/foundation';
import type { Difference, DifferenceInterval, ExperimentResults } from './experiment-results';

const HEADER = [
  ...['experiment', 'variant', 'base', 'machineType', 'mean', 'std', 'nSeeds'],
  ...['seedsLower', 'seedsUpper', 'clipsLower', 'clipsUpper', 'nClips', 'machinesLower', 'machinesUpper'],
  ...['nMachines', 'nSeedsNeeded'],
];

/** Every paired difference of aAUC as a row, in [-1, 1]; no machine type stands for the mean over them. RFC 4180. */
export function differencesCsv({ experiment, differences }: ExperimentResults): string {
  return [HEADER, ...differences.map((each) => [experiment, ...fieldsOf(each)])]
    .map((row) => `${row.map((value) => csvField(String(value ?? ''))).join(',')}\r\n`)
    .join('');
}

function fieldsOf(each: Difference): (string | number | null)[] {
  const { overSeeds, overClips, overMachines } = each;
  return [
    ...[each.variant, each.base, each.machineType, each.mean, each.std, each.nSeeds],
    ...[...ends(overSeeds), ...ends(overClips), overClips?.n ?? null],
    ...[...ends(overMachines), overMachines?.n ?? null, each.nSeedsNeeded],
  ];
}

function ends(interval: DifferenceInterval | null): (number | null)[] {
  return [interval?.lower ?? null, interval?.upper ?? null];
}
