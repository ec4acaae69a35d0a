import type { FolderRole } from './folder-roles';
import type { Folder } from './folder-tree';
import { foldersFrom, type RecordingFile } from './folder-tree';

/** The published layouts that are told apart, and `folders` for any other. */
export type FolderLayout =
  | 'dcase2020'
  | 'dcase2021'
  | 'mimii'
  | 'toyadmos'
  | 'toyadmos2'
  | 'mvtec'
  | 'folders';

/** As they are called in messages. */
export const LAYOUT_NAMES: Readonly<Record<FolderLayout | 'manifest', string>> = {
  dcase2020: 'DCASE2020 Task 2',
  dcase2021:
    'DCASE2021 to 2026 Task 2 (also MIMII DUE, MIMII DG, ToyADMOS2 as mixed), a section is a machine ID',
  mimii: 'MIMII as its archives unpack',
  toyadmos: 'ToyADMOS',
  toyadmos2: 'ToyADMOS2 as its archives unpack',
  mvtec: "MVTec's words: train/good, test/good and a folder for each kind of fault",
  folders: 'plain folders',
  manifest: 'a CSV manifest',
};

/** Which layout it is, by the names of the recordings that are taken, and of their folders. */
export function nameLayout(
  root: Folder,
  taken: readonly RecordingFile[],
  roles: ReadonlyMap<Folder, FolderRole>,
): FolderLayout {
  for (const form of ['dcase2020', 'dcase2021', 'toyadmos', 'toyadmos2'] as const) {
    if (taken.some(({ named }) => named?.form === form)) return form;
  }
  const folders = [...foldersFrom(root)];
  if (folders.some(({ name }) => /^(?:normal|anomalous)sound_(?:ind|cnt)$/i.test(name))) return 'toyadmos';
  const isNumbered = taken.some(({ path }) => /^\d{8}\.\w+$/.test(path.at(-1) as string));
  const isMimiiFolder = ({ name, parent }: Folder) =>
    /^(?:ab)?normal$/.test(name) && /^id_\d\d$/.test(parent?.name ?? '');
  if (isNumbered && folders.some(isMimiiFolder)) return 'mimii';
  const isOfTest = ({ parent }: Folder) => parent !== null && roles.get(parent)?.split === 'test';
  return folders.some((folder) => isOfTest(folder) && isFaultKind(folder, roles)) ? 'mvtec' : 'folders';
}

/** A folder of faults that is called by their kind, beside `good`. */
function isFaultKind(folder: Folder, roles: ReadonlyMap<Folder, FolderRole>): boolean {
  const { facts, parent } = folder;
  const isPlainLabel = facts.labels.length > 0 && facts.rest === '';
  const isBesideGood = parent?.folders.some(({ name }) => name.toLowerCase() === 'good') ?? false;
  return roles.get(folder)?.label === 'anomaly' && !isPlainLabel && isBesideGood;
}
