import { basename, dirname, resolve } from 'node:path';
import {
  findMachineId,
  isDateName,
  isMarkedIdName,
  markedMachineIdIn,
  mentionedMachineTypes,
  readName,
  readRecordingName,
} from '@serial-oe/datasets';

/** A recording with the names by which it was found. */
export interface PlacedFile {
  path: string;
  /** The file or folder that the command was given. */
  argument: string;
  /** From the argument to the recording; of an argument that is a file its own name. */
  names: readonly string[];
}

/** How far above what was named a machine's name is looked for. */
const MAX_LEVELS = 4;

const isNumber = (name: string) => /^\d+$/.test(name);

/**
 * The machine ID in the names of a recording: in its own, by the rules of a published layout, else in the nearest folder
 * below the argument, or the argument itself where it says `id_01`. Never in folders above, and never in numbers that are
 * parts of a date (`2026/01/17`).
 */
export function machineIdIn(
  { path, argument, names }: PlacedFile,
  known: readonly string[],
): string | undefined {
  const name = names.at(-1) as string;
  const inName = readRecordingName(name)?.machineId ?? markedMachineIdIn(name);
  if (inName !== undefined) return inName;
  const folders = names.slice(0, -1);
  const own = argument === path ? '' : ownName(argument);
  const above = dirname(resolve(argument));
  // Numbers beside numbers are a date, also where the argument stands within it.
  const all = [basename(above), basename(resolve(argument)), ...folders];
  for (let i = folders.length - 1; i >= 0; i--) {
    const folder = folders[i] as string;
    const isDate =
      isNumber(folder) &&
      [all[i + 1], all[i + 3]].some((next) => next !== undefined && (isNumber(next) || isDateName(next)));
    if (isMarkedIdName(folder)) return folder;
    if (!isDate && findMachineId(known, folder) !== undefined) return folder;
  }
  return isMarkedIdName(own) ? own : undefined;
}

/** The argument's own name as it was typed; `.` and `..` are none. */
function ownName(argument: string): string {
  const name = basename(argument);
  return name === '.' || name === '..' ? '' : name;
}

/** Known machine types that the names of a recording mention, where none of them is the model's. */
export function otherMachineTypes(file: PlacedFile, machineType: string): string[] {
  const { names } = file;
  const all = [...namesAround(file), ...names].map((name) => name.replace(/\.[a-z0-9]{2,5}$/i, ''));
  const own = new Set(mentionedMachineTypes(machineType));
  const says = (name: string) => own.size === 0 && name.toLowerCase().includes(machineType.toLowerCase());
  if (all.some((name) => says(name) || mentionedMachineTypes(name).some((type) => own.has(type)))) return [];
  const machines = all.filter((name) => readName(name).labels.length === 0); // `bearing fault` is no bearing
  const published = readRecordingName(names.at(-1) as string)?.machineType;
  return [
    ...new Set([...machines.flatMap(mentionedMachineTypes), ...(published === undefined ? [] : [published])]),
  ];
}

/** Which of the types the names of a recording say: its own, by the rules of a published layout, else folders; the only one of all. */
export function typeInNames(file: PlacedFile, types: readonly string[]): string | undefined {
  if (types.length === 1) return types[0];
  const own = file.names.at(-1) as string;
  const published = readRecordingName(own)?.machineType;
  if (published !== undefined && types.includes(published)) return published;
  const names = new Set([...namesAround(file), ...file.names].map((name) => name.toLowerCase()));
  const said = types.filter((type) => names.has(type.toLowerCase()));
  return said.length === 1 ? said[0] : undefined;
}

/** The folder that was named, or the one that a file lies in, and those above while they say no more than `test` or `id_00`. */
function namesAround({ path, argument }: PlacedFile): string[] {
  const found: string[] = [];
  let folder = argument === path ? dirname(resolve(path)) : resolve(argument);
  while (found.length < MAX_LEVELS) {
    const name = basename(folder);
    found.push(name);
    const { labels, splits, rest } = readName(name);
    const isWord = rest === '' && labels.length + splits.length > 0;
    if (!isWord && !isMarkedIdName(name) && !isNumber(name)) break;
    folder = dirname(folder);
  }
  return found;
}
