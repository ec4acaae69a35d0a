import { isIdName, normalizeMachineId } from '../names/machine-id';
import { knownMachineType, knownTypesIn } from '../names/machine-types';
import { readName } from '../names/read-name';
import { readSnr } from '../names/read-snr';
import type { FolderRole } from './folder-roles';

/** What the root's own name says, where it was given one or more levels too deep. */
export interface RootFacts {
  /** For recordings of which nothing below says it. */
  role: Pick<FolderRole, 'label' | 'split' | 'softSplit' | 'snrDb'>;
  machineId?: string;
  /** The nearest name that is no label, split or ID. */
  typeName: string;
  /** Whether that is the root's own. */
  isOwnName: boolean;
}

/** How far above the root names are looked at. */
const MAX_LEVELS = 4;

/**
 * Reads the names of the root and, while they are nothing but a label, a split or an ID, of the folders above it, so
 * that `fan/id_00/normal` may be given as a data set.
 *
 * @param names of the root and the folders above it, the root first
 */
export function readRootNames(names: readonly string[]): RootFacts {
  const role: RootFacts['role'] = {};
  let machineId: string | undefined;
  for (const [level, name] of names.slice(0, MAX_LEVELS).entries()) {
    const facts = readName(name);
    const [label, split] = [facts.labels[0], facts.splits[0]];
    const isClear = facts.labels.length < 2 && facts.splits.length < 2;
    const type = knownMachineType(facts.rest);
    const isWord = isClear && (facts.rest === '' || label !== undefined); // `nok_bearing`
    const above = names[level + 1] ?? '';
    const isCase = /^case\d+$/i.test(name) && knownMachineType(above) !== undefined; // ToyADMOS
    const isId = isCase || (isIdName(name) && !isIdName(above));
    if (isWord && (label ?? split) !== undefined) {
      if (label !== undefined) role.label ??= label;
      if (split !== undefined) role.split ??= split;
      const isFault = knownMachineType(above) !== undefined; // `fan/bearing_fault`
      if (type !== undefined && !isFault)
        return withId({ role, typeName: type, isOwnName: false }, machineId); // `fan_faulty`
    } else if (isId && machineId === undefined) machineId = normalizeMachineId(name);
    else {
      const snr = readSnr(name);
      if (snr) role.snrDb = snr.snrDb;
      return withId({ role, typeName: name, isOwnName: level === 0 }, machineId);
    }
  }
  return withId({ role, typeName: names[0] ?? '', isOwnName: true }, machineId);
}

function withId(facts: RootFacts, machineId: string | undefined): RootFacts {
  return machineId === undefined ? facts : { ...facts, machineId };
}

/** The machine type in a folder's name: the one known type that it mentions, else the whole name. */
export function typeFromName(name: string): string {
  const whole = knownMachineType(name);
  if (whole !== undefined) return whole;
  const mentioned = knownTypesIn(name);
  return mentioned.length === 1 ? (mentioned[0] as string) : name;
}
