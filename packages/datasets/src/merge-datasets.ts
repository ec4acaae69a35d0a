import type { Clip, Dataset } from './clip';

/**
 * Joins data sets into one, in the order given.
 *
 * @param datasets at least one
 * @returns all clips and warnings; the names joined by ` + `
 * @throws RangeError where the list is empty or two clips have the same path: the same recording twice would
 *   count twice, or stand in train and test at once; and where a machine type is there at several signal-to-noise ratios,
 *   which are the same recordings, too
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
  checkSnr(clips);
  const names = datasets.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const merged: Dataset = { clips, warnings: datasets.flatMap(({ warnings }) => warnings ?? []) };
  if (names.length > 0) merged.name = names.join(' + ');
  const readAs = [...new Set(datasets.flatMap((dataset) => dataset.readAs ?? []))];
  if (readAs.length > 0) merged.readAs = readAs.join(' + ');
  return merged;
}

function checkSnr(clips: readonly Clip[]): void {
  const known = new Map<string, number>();
  for (const { machineType, snrDb } of clips) {
    if (snrDb === undefined) continue;
    const other = known.get(machineType) ?? snrDb;
    if (other !== snrDb) {
      throw new RangeError(
        `datasets.mergeDatasets: each machine type must be there at one signal-to-noise ratio, got ${machineType} at ${other} and ` +
          `${snrDb} dB, which are the same recordings. Leave one of the data sets out.`,
      );
    }
    known.set(machineType, snrDb);
  }
}
