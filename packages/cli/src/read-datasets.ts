import { type Dataset, mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import { understoodText } from './data-check/understood-text';
import type { ProgressLine } from './terminal/progress-line';

/**
 * The data sets at these paths as one. What they are read as is shown, machine by machine, before anything is done with them,
 * and so is what was odd about them.
 */
export function readDatasets(paths: readonly string[], progress: ProgressLine): Dataset {
  const scanned = paths.map((path) => scanDataset(path));
  const merged = mergeDatasets(scanned);
  progress.message(understoodText(scanned, merged.clips));
  for (const warning of merged.warnings ?? []) progress.warning(warning);
  return merged;
}
