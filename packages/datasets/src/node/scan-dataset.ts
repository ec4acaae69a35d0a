import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Dataset } from '../clip';
import { parseDcaseFileName } from '../dcase/parse-dcase-file-name';
import { DatasetError } from '../errors';
import { readManifest } from './read-manifest';
import { scanDcase2020 } from './scan-dcase2020';
import { scanFolders } from './scan-folders';

export interface ScanDatasetOptions {
  /** The machine type of clips whose folders name none; see scanDcase2020 and scanFolders. */
  machineType?: string | undefined;
}

const OPTIONS: OptionNames<ScanDatasetOptions> = { machineType: true };

export interface ScannedDataset extends Dataset {
  /** Which reader was chosen: readManifest, scanDcase2020 or scanFolders. */
  layout: 'manifest' | 'dcase2020' | 'folders';
}

/**
 * Reads whatever data set is at `target`: a `.csv` file as a manifest; a folder with DCASE2020 names in
 * `train` or `test` as DCASE2020; any other folder by its folder names.
 *
 * @throws DatasetError as readManifest, scanDcase2020 and scanFolders do
 */
export function scanDataset(target: string, options: ScanDatasetOptions = {}): ScannedDataset {
  checkOptions('datasets.scanDataset', options, OPTIONS);
  const stats = fs.statSync(target, { throwIfNoEntry: false });
  if (!stats) throw new DatasetError(`datasets.scanDataset: path must exist, got ${path.resolve(target)}.`);
  if (stats.isDirectory()) {
    return hasDcaseNames(target)
      ? { ...scanDcase2020(target, options), layout: 'dcase2020' }
      : { ...scanFolders(target, options), layout: 'folders' };
  }
  if (/\.csv$/i.test(target)) return { ...readManifest(target), layout: 'manifest' };
  throw new DatasetError(
    `datasets.scanDataset: path must be a folder or a .csv manifest, got the file ${path.resolve(target)}.`,
  );
}

function hasDcaseNames(root: string): boolean {
  const folders = fs.readdirSync(root).map((name) => path.join(root, name));
  return [root, ...folders.filter(isFolder)].some((folder) =>
    [path.join(folder, 'train'), path.join(folder, 'test')].some(
      (split) => isFolder(split) && fs.readdirSync(split).some((name) => parseDcaseFileName(name) !== null),
    ),
  );
}

function isFolder(target: string): boolean {
  return fs.statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
