import { type Dataset, mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import type { ProgressLine } from './terminal/progress-line';

/** The data sets at these paths as one; what was odd about them is shown. */
export function readDatasets(paths: readonly string[], progress: ProgressLine): Dataset {
  const merged = mergeDatasets(paths.map((path) => scanDataset(path)));
  for (const warning of merged.warnings ?? []) progress.warning(warning);
  return merged;
}
