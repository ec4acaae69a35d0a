import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Dataset, Label } from '../clip';
import { DatasetError } from '../errors';
import { type FolderLayout, LAYOUT_NAMES } from '../layout/name-layout';
import { scanRoot } from '../layout/scan-root';

export interface ScanFoldersOptions {
  /** The machine type of clips whose folders name none. Default: the name of `root`. */
  machineType?: string | undefined;
  /** The label of recordings whose names say none: `anomaly` for a folder of nothing else. Default: in training they are normal, in a test left out. */
  unlabelled?: Label | undefined;
}

const OPTIONS: OptionNames<ScanFoldersOptions> = { machineType: true, unlabelled: true };

/** A data set that was read from folders. */
export interface FoldersDataset extends Dataset {
  /** The published layout that it is read as, or `folders`. */
  layout: FolderLayout;
  /** The same in words. */
  readAs: string;
}

/**
 * Lists the recordings of folders by their names. Each folder between `root` and a file says one thing:
 *
 * - a split: `train`, `test`, `val` and the like. Without one, normal clips train and anomalous clips test. What is held out
 *   for validation never trains: it is the test where there is no other, and left out with a warning else.
 * - a label: `normal`, `ok`, `good`; `anomaly`, `abnormal`, `nok`, `defect` and the like in several languages. Without one,
 *   training clips are normal, and clips in `test` are left out with a warning.
 * - of the others the first is the machine type and the second the machine ID; a number (`00`, `id_00`) is an
 *   ID. Without a type: the name of `root`. Without an ID: `00`.
 *
 * Where the folders do not say label, ID or split, file names do: those of DCASE2020 to 2026 (`anomaly_id_02_00000000.wav`,
 * `section_00_source_test_normal_0000.wav`), of ToyADMOS, and any with a label as a word (`fan_nok_3.wav`).
 * So `<root>/<machineType>/<machineId>/{train,test}/{normal,anomaly}/*.wav` is read, and the layouts of DCASE, MIMII,
 * ToyADMOS and MVTec. The root may be given too high or too deep.
 *
 * Capitals, plurals, numbers behind and separators in names make no difference; docs/datasets.md has every word.
 *
 * @returns clips with absolute paths, in the order of the paths (with DCASE2020's names by type and split, training first), and as warnings what was left out or assumed
 * @throws DatasetError where the folder is missing, holds no recording that the rules above can place, or where a recording
 *   that a name calls faulty or held out would train as a normal one
 */
export function scanFolders(root: string, options: ScanFoldersOptions = {}): FoldersDataset {
  checkOptions('datasets.scanFolders', options, OPTIONS);
  const { machineType, unlabelled } = options;
  const where = 'datasets.scanFolders';
  if (unlabelled !== undefined) checkOneOf(`${where}: unlabelled`, unlabelled, ['normal', 'anomaly']);
  const scanned = scanRoot({ fs, path }, root, { where, machineType, unlabelled });
  if (scanned.clips.length === 0) {
    throw new DatasetError(
      `datasets.scanFolders: root must hold <machineType>/<machineId>/{train,test}/{normal,anomaly}/*.wav, found ` +
        `no such file in ${path.resolve(root)}. ${scanned.warnings.join(' ')}`.trimEnd(),
    );
  }
  return { ...scanned, readAs: LAYOUT_NAMES[scanned.layout] };
}
