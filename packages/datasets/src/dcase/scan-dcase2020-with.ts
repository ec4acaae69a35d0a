import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Dataset } from '../clip';
import { DatasetError } from '../errors';
import type { FileSystem } from '../layout/file-system';
import { LAYOUT_NAMES } from '../layout/name-layout';
import { scanRoot } from '../layout/scan-root';

export interface ScanDcase2020Options {
  /**
   * The machine type, where `root` itself holds `train` and `test`. Default: the known type that the folder's
   * name contains as a word (`fan`, `mimii-fan`, `fan_0dB`), else the whole name; it is warned of when the
   * name is not exactly a type's.
   */
  machineType?: string | undefined;
}

const OPTIONS: OptionNames<ScanDcase2020Options> = { machineType: true };
const WHERE = 'datasets.scanDcase2020';

/** The one implementation of scanDcase2020, given a file system. */
export function scanDcase2020With(
  files: FileSystem,
  root: string,
  options: ScanDcase2020Options = {},
): Dataset {
  checkOptions(WHERE, options, OPTIONS);
  const { machineType } = options;
  const { clips, warnings, name } = scanRoot(files, root, {
    where: WHERE,
    machineType,
    isDcase2020Only: true,
  });
  if (clips.length === 0) {
    throw new DatasetError(
      `${WHERE}: root must hold <machineType>/{train,test}/{normal,anomaly}_id_<NN>_<NNNNNNNN>.wav, ` +
        `found no such clip in ${files.path.resolve(root)}. ${[...warnings, 'For other layouts use scanFolders or readManifest.'].join(' ')}`,
    );
  }
  return { clips, name, readAs: LAYOUT_NAMES.dcase2020, warnings };
}
