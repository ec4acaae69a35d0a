import type { Dataset } from './clip';

/**
 * Joins data sets into one, in the order given.
 *
 * @param datasets at least one
 * @returns all clips and warnings; the names joined by ` + `
 * @throws RangeError where the list is empty or two clips have the same path: the same recording twice would
 *   count twice, or stand in train and test at once
 */
export function mergeDatasets(datasets: readonly Dataset[]): Dataset {
  if (datasets.length === 0) {
    throw new RangeError('datasets.mergeDatasets: datasets must hold at least one data set, got none.');
  }
  const clips = datasets.flatMap((dataset) => dataset.clips);
  const seen = new Set<string>();
  for (const { path } of clips) {
    if (seen.has(path)) {
      throw new RangeError(
        `datasets.mergeDatasets: paths must be unique, got ${path} twice. Leave one of the data sets out.`,
      );
    }
    seen.add(path);
  }
  const names = datasets.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const merged: Dataset = { clips, warnings: datasets.flatMap(({ warnings }) => warnings ?? []) };
  if (names.length > 0) merged.name = names.join(' + ');
  return merged;
}
