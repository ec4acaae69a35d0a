import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Dataset, Label } from '../clip';
import { DatasetError } from '../errors';
import { type FolderLayout, LAYOUT_NAMES } from '../layout/name-layout';
import { readManifest } from './read-manifest';
import { scanFolders } from './scan-folders';

export interface ScanDatasetOptions {
  /** The machine type of clips whose folders name none; see scanFolders. */
  machineType?: string | undefined;
  /** The label of recordings whose names say none: `anomaly` for a folder of nothing else. Default: in training they are normal, in a test left out. */
  unlabelled?: Label | undefined;
}

const OPTIONS: OptionNames<ScanDatasetOptions> = { machineType: true, unlabelled: true };

export interface ScannedDataset extends Dataset {
  /** What it was read as: a manifest, a published layout, or `folders`. */
  layout: 'manifest' | FolderLayout;
  /** The same in words. */
  readAs: string;
}

/**
 * Reads whatever data set is at `target`: a `.csv` (`.tsv`, `.txt`) file as a manifest; a folder by the names in it.
 *
 * @throws DatasetError as readManifest and scanFolders do
 */
export function scanDataset(target: string, options: ScanDatasetOptions = {}): ScannedDataset {
  checkOptions('datasets.scanDataset', options, OPTIONS);
  const stats = statOrNull(target);
  if (!stats) throw new DatasetError(`datasets.scanDataset: path must exist, got ${path.resolve(target)}.`);
  if (stats.isDirectory()) return scanFolders(target, options);
  if (/\.(?:csv|tsv|txt)$/i.test(target)) {
    return { ...readManifest(target), layout: 'manifest', readAs: LAYOUT_NAMES.manifest };
  }
  throw new DatasetError(
    `datasets.scanDataset: path must be a folder or a .csv manifest, got the file ${path.resolve(target)}.`,
  );
}

/** A path that is too long, holds NUL or leads through a file is none. */
function statOrNull(target: string): fs.Stats | null {
  try {
    return fs.statSync(target, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
