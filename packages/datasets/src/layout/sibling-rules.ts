import { nameSome } from '@serial-oe/foundation';
import type { Label } from '../clip';
import { DatasetError } from '../errors';
import { isIdName } from '../names/machine-id';
import { fold } from '../names/read-name';
import { FAULT_COMPOUND, FAULT_KINDS, OPEN_PAIRS } from '../names/words';
import { type FolderRole, isMachineOnly } from './folder-roles';
import { type Folder, foldersFrom, recordingsBelow, saysLabel } from './folder-tree';

/** What is left out because of where it stands, with the reason. */
export interface LeftOutPlaces {
  folders: Map<Folder, string>;
  /** Recordings that lie in these folders themselves. */
  files: Map<Folder, string>;
}

export interface SiblingRuleOptions {
  roles: Map<Folder, FolderRole>;
  /** How the caller is called in errors. */
  where: string;
  /** The root as an absolute path. */
  rootPath: string;
  /** What recordings are of which no name says it; then no folder needs to be a label. */
  unlabelled: Label | undefined;
}

/** Why recordings that lie beside folders of labels are left out. */
export const BESIDE_LABELS = 'beside folders of labels';

/** A word turned round: `unbalanced`, `misaligned`, `not greased`. */
const NEGATED = /^(?:un|in|im|ir|mis|dis|non|not|no|nicht|ohne|without|ab)(.{3,})$/;
const CLASS_NAME =
  /^(?:class|klasse|label|category|kategorie|condition|zustand|state|status)[ _-]?[a-z0-9]{1,2}$/;

/** What to do where names do not say enough. */
export const REMEDY =
  'Rename it (docs/datasets.md has the words that are known), or say what each recording is in a CSV manifest with the ' +
  'columns path, machineType, machineId, label, split.';

/**
 * Looks at folders that stand beside one another: one that is unknown beside labels is a label, too, and one beside train
 * and test belongs to neither. In a test split what stands beside `good` alone is a kind of fault, as in MVTec's layout;
 * its role becomes that.
 *
 * @throws DatasetError where an unknown folder beside labels would else be a machine of its own with normal clips
 */
export function applySiblingRules(root: Folder, options: SiblingRuleOptions): LeftOutPlaces {
  const leftOut: LeftOutPlaces = { folders: new Map(), files: new Map() };
  for (const parent of foldersFrom(root)) {
    if (options.unlabelled === undefined && !isLabelled(parent, options.roles))
      lookAtLabels(parent, options, leftOut);
    lookAtSplits(parent, options, leftOut);
  }
  return leftOut;
}

function lookAtLabels(
  parent: Folder,
  { roles, where, rootPath }: SiblingRuleOptions,
  leftOut: LeftOutPlaces,
): void {
  const roleOf = (folder: Folder) => roles.get(folder) as FolderRole;
  const labels = new Set(parent.folders.flatMap((folder) => roleOf(folder).label ?? []));
  const unknown = parent.folders.filter(
    (folder) => isMachineOnly(roleOf(folder)) && hasUnlabelled(folder, roles),
  );
  refuseLookalikes(unknown, parent, { where, rootPath });
  const hasNormal = labels.has('normal') || labelsInTraining(parent, roles).has('normal');
  const areFaults =
    splitAt(parent, roles) === 'test' &&
    hasNormal &&
    !unknown.some(({ name }) => isIdName(name)) &&
    !parent.folders.some(isPlainAnomaly);
  if (areFaults) for (const folder of unknown) roles.set(folder, { label: 'anomaly' });
  else if (labels.size > 0 && unknown.length > 0) {
    const known = parent.folders.filter((folder) => roleOf(folder).label !== undefined);
    throw new DatasetError(
      `${where}: folders beside labels must be labels, too, got ${names(unknown)} beside ${names(known)} in ` +
        `${[rootPath, ...parent.path].join('/')}: their recordings would train as normal ones of machines of their own. ${REMEDY}`,
    );
  }
  if (labels.has('normal')) leftOut.files.set(parent, BESIDE_LABELS);
}

/** Whether it or a folder above says the label of all that is below: `nok` of `nok/bearing` and `nok/imbalance`. */
function isLabelled(folder: Folder, roles: ReadonlyMap<Folder, FolderRole>): boolean {
  if (roles.get(folder)?.label !== undefined) return true;
  return folder.parent !== null && isLabelled(folder.parent, roles);
}

function lookAtSplits(parent: Folder, { roles }: SiblingRuleOptions, leftOut: LeftOutPlaces): void {
  if (splitAt(parent, roles) !== undefined) return;
  const roleOf = (folder: Folder) => roles.get(folder) as FolderRole;
  const splits = new Set(parent.folders.flatMap((folder) => roleOf(folder).split ?? []));
  if (splits.size === 0) return;
  const where = `beside ${[...splits].sort().reverse().join(' and ')}`;
  for (const folder of parent.folders) {
    const role = roleOf(folder);
    if (role.split !== undefined || role.isBackground) continue;
    const isBeside = isMachineOnly(role) || (splits.has('train') && role.label === 'normal');
    if (isBeside && !hasSplit(folder, roles)) leftOut.folders.set(folder, where);
  }
  leftOut.files.set(parent, where);
}

/** `balanced` beside `unbalanced`, `true` beside `false`, `class_0` beside `class_1`: labels, though nothing says which one is normal. */
function refuseLookalikes(
  unknown: readonly Folder[],
  parent: Folder,
  { where, rootPath }: Pick<SiblingRuleOptions, 'where' | 'rootPath'>,
): void {
  const plain = (name: string) => fold(name).replace(/[^\p{L}\p{N}]/gu, '');
  const known = new Set(unknown.map(({ name }) => plain(name)));
  const isTurned = ({ name }: Folder) => known.has(NEGATED.exec(plain(name))?.[1] ?? '');
  const isOpenPair = OPEN_PAIRS.some((pair) => pair.every((name) => known.has(name)));
  const classes = unknown.filter(({ name }) => CLASS_NAME.test(fold(name)));
  const alike = isOpenPair || unknown.some(isTurned) ? unknown : classes.length > 1 ? classes : [];
  if (alike.length === 0) return;
  throw new DatasetError(
    `${where}: folders that look like labels must say which one is normal, got ${names(alike)} in ` +
      `${[rootPath, ...parent.path].join('/')}: all of them would train as normal ones of machines of their own. ${REMEDY}`,
  );
}

/** `anomaly`, beside which there is no room for kinds, unlike beside `broken` and `nok_bearing`. */
function isPlainAnomaly({ name, facts }: Folder): boolean {
  return facts.labels.includes('anomaly') && facts.rest === '' && !isKindOfFault(fold(name));
}

const isKindOfFault = (name: string) => FAULT_KINDS.includes(name) || FAULT_COMPOUND.test(name);

/** Labels in the training folder beside this test folder: `train/good`. */
function labelsInTraining(test: Folder, roles: ReadonlyMap<Folder, FolderRole>): Set<Label> {
  const isOfTest = roles.get(test)?.split === 'test';
  const training = isOfTest
    ? test.parent?.folders.filter((folder) => roles.get(folder)?.split === 'train')
    : undefined;
  return new Set(
    training?.flatMap(({ folders }) => folders.flatMap((folder) => roles.get(folder)?.label ?? [])),
  );
}

function hasUnlabelled(folder: Folder, roles: ReadonlyMap<Folder, FolderRole>): boolean {
  const role = roles.get(folder) as FolderRole;
  if (role.label !== undefined || role.isBackground) return false;
  return (
    folder.files.some((file) => !saysLabel(file)) || folder.folders.some((each) => hasUnlabelled(each, roles))
  );
}

/** Whether any recording below has a split. */
function hasSplit(folder: Folder, roles: ReadonlyMap<Folder, FolderRole>): boolean {
  for (const each of foldersFrom(folder)) {
    const role = roles.get(each) as FolderRole;
    if (role.split !== undefined || role.softSplit !== undefined) return true;
  }
  for (const { named } of recordingsBelow(folder)) if (named?.split !== undefined) return true;
  return false;
}

/** The split that a folder is of, by its own name or by that of one above. */
export function splitAt(folder: Folder, roles: ReadonlyMap<Folder, FolderRole>): FolderRole['split'] {
  for (let each: Folder | null = folder; each !== null; each = each.parent) {
    const role = roles.get(each);
    if (role?.split !== undefined) return role.split;
  }
  return undefined;
}

function names(folders: readonly Folder[]): string {
  return nameSome(
    folders.map(({ name }) => `"${name}"`),
    { limit: 4 },
  );
}
