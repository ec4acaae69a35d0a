import { compareText, show } from '@serial-oe/foundation';
import type { Clip, Label } from '../clip';
import { DatasetError } from '../errors';
import { readName } from '../names/read-name';
import type { FileSystem } from './file-system';
import { type ListedRecordings, listRecordings } from './list-recordings';
import { type PlacedRecordings, placeRecordings } from './place-recordings';
import type { WordsAbove } from './placed-recording';

export interface ScanRootOptions {
  where: string;
  machineType: string | undefined;
  unlabelled?: Label | undefined;
  isDcase2020Only?: boolean;
}

/** How far above the root splits and labels are looked for. */
const N_LEVELS_ABOVE = 2;
/** How far above the root names are of use. */
const N_NAMES_ABOVE = 5;

/** Reads a folder: its recordings, and what their names say. The name of the data set is that of the folder. */
export function scanRoot(
  files: FileSystem,
  root: string,
  options: ScanRootOptions,
): PlacedRecordings & { name: string } {
  const { path } = files;
  const absolute = path.resolve(checkFolder(files, options.where, root));
  const listed = listRecordings(files, absolute);
  const placed = placeRecordings(listed.paths, {
    ...options,
    rootNames: namesUpwards(files, absolute),
    rootPath: absolute,
    above: wordsAbove(files, absolute),
    toPath: (names) => path.join(absolute, ...names),
  });
  const { layout, clips } = placed;
  return {
    ...placed,
    clips: layout === 'dcase2020' ? [...clips].sort(byTypeAndSplit) : clips,
    warnings: [...placed.warnings, ...describe(listed, absolute)],
    name: path.basename(absolute),
  };
}

function describe({ warnings, emptyFolders, paths }: ListedRecordings, absolute: string): string[] {
  if (emptyFolders.length === 0 || paths.length === 0) return warnings;
  return [...warnings, `${absolute}: folder(s) without recordings left out: ${emptyFolders.join(', ')}.`];
}

/**
 * What a folder above says, where another of the kind stands beside it: `set/test/fan` of `set/{train,test}/fan`. Such a name
 * alone, as where all that one tries lies in `test`, says nothing.
 */
function wordsAbove({ fs, path }: FileSystem, absolute: string): WordsAbove {
  const found: WordsAbove = {};
  let folder = path.dirname(absolute);
  for (let level = 0; level < N_LEVELS_ABOVE; level++, folder = path.dirname(folder)) {
    const { split, label } = wordsOf(path.basename(folder));
    if (split === undefined && label === undefined) continue;
    const beside = namesIn(fs, path.dirname(folder)).map(wordsOf);
    const isOther = <T>(own: T | undefined, others: readonly (T | undefined)[]) =>
      own !== undefined && others.some((each) => each !== undefined && each !== own);
    if (
      isOther(
        split,
        beside.map((each) => each.split),
      )
    )
      found.split ??= split;
    if (
      isOther(
        label,
        beside.map((each) => each.label),
      )
    )
      found.label ??= label;
  }
  return found;
}

function wordsOf(name: string): WordsAbove {
  const { splits, labels, rest } = readName(name);
  if (rest !== '') return {};
  return {
    split: splits.length === 1 ? splits[0] : undefined,
    label: labels.length === 1 ? labels[0] : undefined,
  };
}

/** What lies above may be closed to us. */
function namesIn(fs: FileSystem['fs'], folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function namesUpwards({ path }: FileSystem, absolute: string): string[] {
  const names: string[] = [];
  for (let folder = absolute; names.length < N_NAMES_ABOVE; folder = path.dirname(folder)) {
    const name = path.basename(folder);
    if (name === '') break;
    names.push(name);
  }
  return names;
}

/** Throws a DatasetError unless `root` is an existing folder; returns it. */
export function checkFolder({ fs }: Pick<FileSystem, 'fs'>, where: string, root: string): string {
  if (typeof root !== 'string' || root === '') {
    throw new TypeError(`${where}: root must be the path of a folder, got ${show(root)}.`);
  }
  const state = stateOf(fs, root);
  if (state !== 'folder') {
    throw new DatasetError(`${where}: root must be an existing folder, got ${root} (${state}).`);
  }
  return root;
}

function stateOf(fs: FileSystem['fs'], root: string): string {
  try {
    const stats = fs.statSync(root, { throwIfNoEntry: false });
    return stats === undefined ? 'does not exist' : stats.isDirectory() ? 'folder' : 'not a folder';
  } catch (cause) {
    return `cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`;
  }
}

/** Training clips first; the sort keeps the order of the paths otherwise. */
function byTypeAndSplit(a: Clip, b: Clip): number {
  return compareText(a.machineType, b.machineType) || compareText(b.split, a.split);
}
