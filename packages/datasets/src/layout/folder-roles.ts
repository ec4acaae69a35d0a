import type { Label } from '../clip';
import { knownMachineType } from '../names/machine-types';
import type { Domain, NamedSplit, Stage } from '../names/read-name';
import { readSnr } from '../names/read-snr';
import { type Folder, foldersFrom } from './folder-tree';

/** What a folder says of the recordings below it. */
export interface FolderRole {
  label?: Label;
  split?: NamedSplit;
  /** For recordings whose folders name no split otherwise: `eval_data` holds `train` and `test`, or is for tests. */
  softSplit?: NamedSplit;
  domain?: Domain;
  /** dB. */
  snrDb?: number;
  /** The machine type or ID that it names. */
  machine?: string;
  /** The same, where no other folder names one: `fan` of `6_dB_fan` and `dev_data_fan`. */
  softMachine?: string;
  isBackground?: boolean;
  /** It is named by words for both labels, or for a test, which leave open what is below. */
  isOpen?: 'label' | 'split';
}

/** What every folder of the tree says, by its name and by those of its siblings. */
export function folderRoles(root: Folder): Map<Folder, FolderRole> {
  const roles = new Map<Folder, FolderRole>([[root, {}]]);
  for (const parent of foldersFrom(root)) {
    const siblings = { ...siblingFacts(parent), hasMachineAbove: hasMachine(parent, roles) };
    for (const folder of parent.folders) roles.set(folder, roleOf(folder, siblings));
  }
  return roles;
}

/** Whether a folder or one above it names a machine; of the root's own name it is not known. */
function hasMachine(folder: Folder, roles: ReadonlyMap<Folder, FolderRole>): boolean {
  if (folder.parent === null) return knownMachineType(folder.name) !== undefined;
  return roles.get(folder)?.machine !== undefined || hasMachine(folder.parent, roles);
}

interface SiblingFacts {
  hasMachineAbove: boolean;
  folders: readonly Folder[];
  /** Folder names that say the same machine with different labels or splits: `fan_ok`, `fan_nok`. */
  paired: ReadonlySet<string>;
  /** `01_ok` beside `02_ok`: the numbers are machines; of one alone they may count the labels (`0_ok`, `1_nok`). */
  areNumbered: boolean;
  labels: ReadonlySet<Label>;
  splits: ReadonlySet<NamedSplit>;
}

function siblingFacts({ folders }: Folder): Omit<SiblingFacts, 'hasMachineAbove'> {
  const claims = new Map<string, Set<string>>();
  const numberedNormals = new Set<string>();
  for (const { facts } of folders) {
    if (facts.rest === '' && facts.leading !== '' && facts.labels.join() === 'normal') {
      numberedNormals.add(machineKey(facts));
    }
    const claim = [...facts.labels, ...facts.splits].join(' ');
    if (claim === '') continue;
    const key = machineKey(facts);
    claims.set(key, (claims.get(key) ?? new Set()).add(claim));
  }
  return {
    folders,
    paired: new Set([...claims].flatMap(([key, found]) => (key !== '' && found.size > 1 ? [key] : []))),
    labels: new Set(folders.flatMap(({ facts }) => (facts.labels.length === 1 ? facts.labels : []))),
    areNumbered: numberedNormals.size > 1,
    splits: new Set(folders.flatMap(({ facts }) => (facts.splits.length === 1 ? facts.splits : []))),
  };
}

const machineKey = ({ rest, leading }: Folder['facts']) => (rest === '' ? leading : rest).toLowerCase();

function roleOf(folder: Folder, siblings: SiblingFacts): FolderRole {
  const { name, facts } = folder;
  const { rest, domain } = facts;
  const snr = readSnr(name);
  if (snr) return { snrDb: snr.snrDb, ...(snr.rest === undefined ? {} : { softMachine: snr.rest }) };
  if (facts.isBackground) return rest === '' ? { isBackground: true } : { machine: name };
  const stage = stageRole(folder, siblings);
  if (stage) return stage;
  const [label, secondLabel] = facts.labels;
  const [split, secondSplit] = facts.splits;
  if (secondLabel !== undefined) return { isOpen: 'label', machine: name };
  if (secondSplit !== undefined) return { isOpen: 'split', machine: name };
  if (label === undefined && split === undefined) {
    return domain !== undefined && rest === '' ? { domain } : { machine: name };
  }
  const isSplit =
    split !== undefined && (rest === '' || label !== undefined || isSplitAmong(folder, siblings));
  if (label === undefined && !isSplit) {
    return split === 'train' ? { machine: name } : { isOpen: 'split', machine: name };
  }
  return {
    ...(label === undefined ? {} : { label }),
    ...(isSplit ? { split } : {}),
    ...(domain === undefined ? {} : { domain }),
    ...machineBeside(folder, siblings),
  };
}

/** Whether a name with other words beside that of a split is a split: where siblings are one, too. */
function isSplitAmong({ facts }: Folder, { splits, paired }: SiblingFacts): boolean {
  return splits.size > 1 || paired.has(machineKey(facts)) || knownMachineType(facts.rest) !== undefined;
}

/** The machine in a name such as `fan_ok`; what stands beside a fault's word (`nok_bearing`) is a kind of fault. */
function machineBeside(
  { facts }: Folder,
  { paired, areNumbered, labels, folders, hasMachineAbove }: SiblingFacts,
): Pick<FolderRole, 'machine' | 'softMachine'> {
  const { rest, leading } = facts;
  const isPaired = paired.has(machineKey(facts));
  if (rest === '') return isPaired || (areNumbered && leading !== '') ? { machine: leading } : {};
  const isBesidePlain = folders.some(
    (each) => each.facts.rest === '' && each.facts.labels.some((label) => !facts.labels.includes(label)),
  );
  if (isBesidePlain && !isPaired) return {}; // `bearing_worn` beside `good`
  const isMachine =
    isPaired ||
    (!hasMachineAbove && knownMachineType(rest) !== undefined) ||
    folders.some((each) => each.facts.rest !== '' && paired.has(machineKey(each.facts))) ||
    !labels.has('anomaly');
  if (isMachine) return { machine: rest };
  return labels.has('normal') || hasMachineAbove ? {} : { softMachine: rest };
}

/** `dev_data`, `eval_data_train_fan`: parts of a published data set, which hold its splits. */
function stageRole(folder: Folder, { splits }: SiblingFacts): FolderRole | null {
  const { stage, rest, splits: own, labels } = folder.facts;
  if (stage === undefined || labels.length > 0) return null;
  const isContainer = hasSplitBelow(folder) || rest === '' || knownMachineType(rest) !== undefined;
  if (!isContainer) return { isOpen: 'split', machine: folder.name };
  return { ...softSplit(stage, own, splits), ...(rest === '' ? {} : { softMachine: rest }) };
}

function softSplit(
  stage: Stage,
  own: readonly NamedSplit[],
  siblings: ReadonlySet<NamedSplit>,
): Pick<FolderRole, 'softSplit'> {
  if (own[0] !== undefined) return { softSplit: own[0] };
  if (stage === 'evaluation') return { softSplit: 'test' };
  return siblings.has('train') ? { softSplit: 'validation' } : {};
}

function hasSplitBelow(folder: Folder): boolean {
  return folder.folders.some((each) => each.facts.splits.length > 0 || hasSplitBelow(each));
}

/** Whether a folder says nothing but the name of a machine. */
export function isMachineOnly({
  label,
  split,
  softSplit,
  domain,
  snrDb,
  isBackground,
  machine,
}: FolderRole): boolean {
  return (
    machine !== undefined &&
    [label, split, softSplit, domain, snrDb, isBackground].every((value) => value === undefined)
  );
}
