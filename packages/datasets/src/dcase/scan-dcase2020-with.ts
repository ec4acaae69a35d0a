import { checkOptions, type OptionNames, show } from '@serial-oe/foundation';
import type { Clip, Dataset, Split } from '../clip';
import { DatasetError } from '../errors';
import { DCASE2020_MACHINE_TYPES } from './dcase2020-splits';
import { parseDcaseFileName } from './parse-dcase-file-name';

export interface ScanDcase2020Options {
  /**
   * The machine type, where `root` itself holds `train` and `test`. Default: the DCASE type that the folder's
   * name contains as a word (`fan`, `mimii-fan`, `fan_0dB`), else the whole name; either is warned of when the
   * name is not exactly a type's.
   */
  machineType?: string | undefined;
}

const OPTIONS: OptionNames<ScanDcase2020Options> = { machineType: true };

/** The part of Node that the scanners need. */
export interface FileSystem {
  fs: Pick<typeof import('node:fs'), 'readdirSync' | 'statSync'>;
  path: Pick<typeof import('node:path'), 'resolve' | 'join' | 'basename'>;
}

const SPLITS: readonly Split[] = ['train', 'test'];
/** How the warning of anomalies in train ends. */
export const TRAIN_ANOMALY_NOTE = 'clip(s) in train are named anomaly; kept as such.';

/** The one implementation of scanDcase2020, given a file system. */
export function scanDcase2020With(
  files: FileSystem,
  root: string,
  options: ScanDcase2020Options = {},
): Dataset {
  checkOptions('datasets.scanDcase2020', options, OPTIONS);
  const { machineType } = options;
  const { path } = files;
  const absolute = path.resolve(checkFolder(files, 'datasets.scanDcase2020', root));
  const clips: Clip[] = [];
  const warnings: string[] = [];
  const folders = listFolders(files, absolute);
  const isSplit = (folder: string) => (SPLITS as readonly string[]).includes(folder);
  if (folders.some(isSplit)) {
    const type = machineType ?? typeFromFolderName(path.basename(absolute), absolute, warnings);
    scanMachineType(files, { folder: absolute, machineType: type }, { clips, warnings });
    warnings.push(...describeLeftOut(absolute, folders, isSplit));
  } else {
    for (const type of folders) {
      scanMachineType(files, { folder: path.join(absolute, type), machineType: type }, { clips, warnings });
    }
    const types = new Set(clips.map((clip) => clip.machineType));
    warnings.push(...describeLeftOut(absolute, folders, (folder) => types.has(folder)));
  }
  if (clips.length === 0) {
    throw new DatasetError(
      `datasets.scanDcase2020: root must hold <machineType>/{train,test}/{normal,anomaly}_id_<NN>_<NNNNNNNN>.wav, ` +
        `found no such clip in ${absolute}. ${[...warnings, 'For other layouts use scanFolders or readManifest.'].join(' ')}`,
    );
  }
  return { clips, name: path.basename(absolute), warnings };
}

/** Throws a DatasetError unless `root` is an existing folder; returns it. */
export function checkFolder({ fs }: Pick<FileSystem, 'fs'>, where: string, root: string): string {
  if (typeof root !== 'string' || root === '') {
    throw new TypeError(`${where}: root must be the path of a folder, got ${show(root)}.`);
  }
  const stats = fs.statSync(root, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) {
    throw new DatasetError(
      `${where}: root must be an existing folder, got ${root} (${stats ? 'not a folder' : 'does not exist'}).`,
    );
  }
  return root;
}

/** Adds the clips of a machine type's folder, and a warning for what was odd there. */
function scanMachineType(
  files: FileSystem,
  { folder, machineType }: { folder: string; machineType: string },
  { clips, warnings }: Required<Pick<Dataset, 'clips' | 'warnings'>>,
): void {
  const { fs, path } = files;
  for (const split of SPLITS) {
    const splitFolder = path.join(folder, split);
    if (!fs.statSync(splitFolder, { throwIfNoEntry: false })?.isDirectory()) continue;
    const unknown: string[] = [];
    let nTrainAnomalies = 0;
    for (const file of fs.readdirSync(splitFolder).sort()) {
      const parsed = parseDcaseFileName(file);
      if (!parsed) {
        if (!file.startsWith('.')) unknown.push(file);
        continue;
      }
      if (split === 'train' && parsed.label === 'anomaly') nTrainAnomalies++;
      const { label, machineId } = parsed;
      clips.push({ path: path.join(splitFolder, file), machineType, machineId, label, split });
    }
    if (unknown.length > 0) {
      warnings.push(
        `${splitFolder}: ${unknown.length} name(s) not of DCASE2020's form left out, such as ${unknown[0]}.`,
      );
    }
    if (nTrainAnomalies > 0) {
      warnings.push(`${splitFolder}: ${nTrainAnomalies} ${TRAIN_ANOMALY_NOTE}`);
    }
  }
}

function describeLeftOut(
  root: string,
  folders: readonly string[],
  isRead: (folder: string) => boolean,
): string[] {
  const others = folders.filter((folder) => !isRead(folder) && !folder.startsWith('.'));
  if (others.length === 0) return [];
  return [`${root}: folder(s) without clips in DCASE2020's layout left out: ${others.join(', ')}.`];
}

function typeFromFolderName(name: string, folder: string, warnings: string[]): string {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const found = DCASE2020_MACHINE_TYPES.filter((type) => words.includes(type.toLowerCase()));
  const machineType = found.length === 1 ? (found[0] as string) : name;
  if (machineType !== name || found.length !== 1) {
    warnings.push(
      `${folder}: holds train and test itself; machine type "${machineType}" taken from its name.`,
    );
  }
  return machineType;
}

function listFolders({ fs, path }: FileSystem, root: string): string[] {
  return fs
    .readdirSync(root)
    .filter((name) => fs.statSync(path.join(root, name), { throwIfNoEntry: false })?.isDirectory())
    .sort();
}
