import { nameSome } from '@serial-oe/foundation';
import { DatasetError } from '../errors';
import { isIdName, normalizeMachineId } from '../names/machine-id';
import { knownMachineType } from '../names/machine-types';
import type { RecordingFile } from './folder-tree';

/** Names of the folders above a recording that say nothing but a machine, the outermost first. */
export interface MachineLevels {
  file: RecordingFile;
  levels: string[];
  /** Folders that were taken away from them because they are neither. */
  dropped?: string;
}

export interface MachineLevelsOptions {
  where: string;
  rootPath: string;
}

/**
 * Takes away folders above the machine types, where the root was given too high: one that all recordings share, and
 * what stands before a known type where the file names say the ID.
 *
 * @returns those that lie too deep still
 * @throws DatasetError where all do, and where folders would make one machine of several
 */
export function trimLevels(all: MachineLevels[], { where, rootPath }: MachineLevelsOptions): MachineLevels[] {
  const first = all[0]?.levels[0];
  const isShared = first !== undefined && all.every(({ levels }) => levels[0] === first);
  const isOfSet =
    isShared &&
    !isIdName(first) &&
    knownMachineType(first) === undefined &&
    (all.some(isTooDeep) || all.every(isBeforeType));
  if (isOfSet) for (const each of all) each.levels.shift();
  for (const each of all) if (isTooDeep(each)) startAtType(each);
  refuseMixedFolders(all, { where, rootPath });
  const tooDeep = all.filter(isTooDeep);
  const tops = [...new Set(tooDeep.map(({ levels }) => levels[0] as string))];
  if (tooDeep.some(saysId) || (tooDeep.length === all.length && all.length > 0)) {
    throw new DatasetError(
      `${where}: at most two levels of folders must name machines, the type and the ID, found no such file in ` +
        `${rootPath}, but ${tooDeep.length} recording(s) left out (too deep), such as ${tooDeep[0]?.file.path.join('/')}. Name one of the ` +
        `folders ${nameSome(tops, { limit: 4 })} in place of the one above, or write a CSV manifest.`,
    );
  }
  return tooDeep;
}

/** `my-set/fan`: a known type behind a name that is none. */
const isBeforeType = ({ levels }: MachineLevels) => knownMachineType(levels[1] ?? '') !== undefined;

const saysId = ({ file }: MachineLevels) => file.named?.machineId !== undefined;

/** Type and ID are two levels, the type alone where the name says the ID. */
function isTooDeep(each: MachineLevels): boolean {
  const { levels } = each;
  if (!saysId(each)) return levels.length > 2;
  return levels.length > 2 || (levels.length === 2 && !isIdName(levels[1] as string));
}

/** `dcase2020/fan` and `hall-2/fan` become `fan`. */
function startAtType(each: MachineLevels): void {
  const before = each.levels.join('/');
  const at = each.levels.findIndex((name) => knownMachineType(name) !== undefined);
  if (at > 0) each.levels.splice(0, at);
  if (saysId(each) && at >= 0 && each.levels.length === 2 && isTooDeep(each)) each.levels.pop();
  if (each.levels.join('/') !== before) each.dropped = before;
}

/** Refuses where folders that are no machine types or IDs would make one machine of several, or count a recording twice. */
function refuseMixedFolders(all: readonly MachineLevels[], { where, rootPath }: MachineLevelsOptions): void {
  const seen = new Map<string, MachineLevels>();
  for (const each of all) {
    const { file, levels } = each;
    if (file.named === null && each.dropped === undefined) continue;
    const [type, id = file.named?.machineId ?? ''] = levels;
    const machine = [type, normalizeMachineId(id)];
    const sameMachine = remember(seen, JSON.stringify(machine), each);
    const isMixed = sameMachine.dropped !== each.dropped;
    const sameName = remember(seen, JSON.stringify([...machine, ...file.path.slice(-2)]), each);
    const other = isMixed ? sameMachine : sameName;
    if (other === each) continue;
    throw new DatasetError(
      `${where}: each recording must be there once, and each machine have one folder, got ${other.file.path.join('/')} and ` +
        `${file.path.join('/')} in ${rootPath} as recordings of one machine. Name one of the folders that they are in.`,
    );
  }
}

function remember<T>(seen: Map<string, T>, key: string, value: T): T {
  const found = seen.get(key);
  if (found !== undefined) return found;
  seen.set(key, value);
  return value;
}
