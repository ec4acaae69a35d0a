import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Clip, Dataset, Label, Split } from '../clip';
import { parseDcaseFileName } from '../dcase/parse-dcase-file-name';
import { checkFolder } from '../dcase/scan-dcase2020-with';
import { DatasetError } from '../errors';

export interface ScanFoldersOptions {
  /** The machine type of clips whose folders name none. Default: the name of `root`. */
  machineType?: string | undefined;
}

const OPTIONS: OptionNames<ScanFoldersOptions> = { machineType: true };

const SPLITS: Readonly<Record<string, Split>> = { train: 'train', test: 'test' };
const LABELS: Readonly<Record<string, Label>> = {
  normal: 'normal',
  anomaly: 'anomaly',
  anomalous: 'anomaly',
  abnormal: 'anomaly', // MIMII's word
};
const ID_FOLDER = /^(?:id[_-]?)?(\d+)$/i;
const DEFAULT_MACHINE_ID = '00';

/**
 * Lists the WAV files of plain folders. Each folder between `root` and a file says one thing:
 *
 * - `train` or `test`: the split. Without one, normal clips train and anomalous clips test.
 * - `normal`, or `anomaly` / `anomalous` / `abnormal`: the label. Without one, training clips are normal, and
 *   clips in `test` are left out with a warning.
 * - of the others the first is the machine type and the second the machine ID; a number (`00`, `id_00`) is an
 *   ID. Without a type: the name of `root`. Without an ID: `00`.
 *
 * Where the folders do not say label or ID, a DCASE2020 file name (`anomaly_id_02_00000000.wav`) does.
 *
 * So `<root>/<machineType>/<machineId>/{train,test}/{normal,anomaly}/*.wav` is read, and so are MIMII's
 * `fan/id_00/{normal,abnormal}`, a machine with a `normal` folder alone, and a folder of nothing but WAV files.
 *
 * @returns clips with absolute paths, sorted by path, and as warnings what was left out or assumed
 * @throws DatasetError where the folder is missing or holds no WAV file that the rules above can place
 */
export function scanFolders(root: string, options: ScanFoldersOptions = {}): Dataset {
  checkOptions('datasets.scanFolders', options, OPTIONS);
  const { machineType } = options;
  const absolute = path.resolve(checkFolder({ fs }, 'datasets.scanFolders', root));
  const name = path.basename(absolute);
  const clips: Clip[] = [];
  const leftOut: Record<'no label' | 'too deep', string[]> = { 'no label': [], 'too deep': [] };
  let nAssumedNormal = 0;
  for (const file of listWavFiles(absolute)) {
    const named = parseDcaseFileName(path.basename(file));
    const facts = readFolderNames(
      path.relative(absolute, path.dirname(file)).split(path.sep).filter(Boolean),
    );
    if (named) facts.label ??= named.label;
    if (facts.others.length > 2) leftOut['too deep'].push(file);
    else if (!facts.label && facts.split === 'test') leftOut['no label'].push(file);
    else {
      if (!facts.label && !facts.split) nAssumedNormal++;
      clips.push(toClip(file, facts, { machineType: machineType ?? name, machineId: named?.machineId }));
    }
  }
  const warnings = describeLeftOut(leftOut);
  if (nAssumedNormal > 0) {
    warnings.push(`${nAssumedNormal} clip(s) without split and label taken as normal training clips.`);
  }
  if (clips.length === 0) {
    throw new DatasetError(
      `datasets.scanFolders: root must hold <machineType>/<machineId>/{train,test}/{normal,anomaly}/*.wav, found ` +
        `no such file in ${absolute}. ${warnings.join(' ')}`.trimEnd(),
    );
  }
  return { clips, name, warnings };
}

interface FolderFacts {
  split?: Split;
  label?: Label;
  /** Machine type and ID, in the order of the folders. */
  others: string[];
}

function readFolderNames(folders: readonly string[]): FolderFacts {
  const facts: FolderFacts = { others: [] };
  for (const folder of folders) {
    const split = SPLITS[folder.toLowerCase()];
    const label = LABELS[folder.toLowerCase()];
    if (split) facts.split = split;
    else if (label) facts.label = label;
    else facts.others.push(folder);
  }
  return facts;
}

function toClip(
  file: string,
  { split, label, others }: FolderFacts,
  otherwise: { machineType: string; machineId: string | undefined },
): Clip {
  const [first, second] = others;
  const isIdAlone = second === undefined && first !== undefined && ID_FOLDER.test(first);
  const machineType = isIdAlone || first === undefined ? otherwise.machineType : first;
  const idFolder = isIdAlone ? first : second;
  return {
    path: file,
    machineType,
    machineId:
      idFolder === undefined
        ? (otherwise.machineId ?? DEFAULT_MACHINE_ID)
        : (ID_FOLDER.exec(idFolder)?.[1] ?? idFolder),
    label: label ?? 'normal',
    split: split ?? (label === 'anomaly' ? 'test' : 'train'),
  };
}

function describeLeftOut(leftOut: Readonly<Record<string, string[]>>): string[] {
  return Object.entries(leftOut)
    .filter(([, files]) => files.length > 0)
    .map(([why, files]) => `${files.length} WAV file(s) left out (${why}), such as ${files[0]}.`);
}

/** Every .wav below the folder, sorted; hidden files and folders are passed over. */
function listWavFiles(folder: string): string[] {
  const entries = fs.readdirSync(folder).filter((entry) => !entry.startsWith('.'));
  return entries.sort().flatMap((entry) => {
    const full = path.join(folder, entry);
    const stats = fs.statSync(full, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return listWavFiles(full);
    return stats?.isFile() && /\.wav$/i.test(entry) ? [full] : [];
  });
}
