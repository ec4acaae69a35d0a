import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Clip, DatasetError, findMachineId, normalizeMachineId } from '@serial-oe/datasets';
import { listRecordings } from '@serial-oe/datasets/node';
import { printableLine } from '@serial-oe/foundation';
import { ALL_MACHINE_TYPES, UnknownMachineIdError } from '@serial-oe/runtime/contract';
import { UsageError } from '../command/usage-error';
import type { LoadedModel } from '../model/loaded-model';
import { idsOfType, machineName, machineNamed, typesIn } from '../model/machine-names';
import { machineIdIn, otherMachineTypes, type PlacedFile, typeInNames } from './names-of-recordings';

/** A recording that the command names, with the machine ID it will be scored as, or why it cannot be. */
export type NamedRecording = { clip: Clip } | { path: string; error: Error };

export interface RecordingsToScore {
  recordings: NamedRecording[];
  warnings: string[];
}

const CALLER = 'serial-oe score';

/** A place that cannot be read, in place of its recordings. */
interface Unreadable {
  path: string;
  error: Error;
}

/**
 * The recordings in these files and folders; a path that is none is one that cannot be scored, and the others are.
 * @param asked the ID of all of them; default: the ID in a file name of a published layout, that of a folder below the one that
 *   was given, or the model's only one. The type, of a model of several; default: the one of them that the names say
 * @throws UnknownMachineIdError for one that the model has not; DatasetError where there are no recordings at all
 */
export async function recordingsToScore(
  model: Pick<LoadedModel, 'machineIds' | 'machineType' | 'usesMachineIds'>,
  paths: readonly string[],
  { machineId, machineType }: AskedMachine = {},
): Promise<RecordingsToScore> {
  const idOf = machinesOf(model, { machineId, machineType }, CALLER);
  const warnings: string[] = [];
  const found = (
    await Promise.all(paths.map((path) => listFiles(path, { caller: CALLER, warnings })))
  ).flat();
  const unreadable = found.filter((each): each is Unreadable => 'error' in each);
  const files = found.filter((each): each is PlacedFile => 'names' in each);
  if (files.length === 0 && unreadable[0] !== undefined) throw unreadable[0].error;
  if (model.machineType !== ALL_MACHINE_TYPES) warnings.push(...tellOtherTypes(files, model.machineType));
  const named = files.map(idOf);
  return { recordings: [...named, ...unreadable], warnings };
}

/** What the flags say of the recordings' machine. */
export interface AskedMachine {
  machineId?: string | undefined;
  machineType?: string | undefined;
}

type KnownMachines = Pick<LoadedModel, 'machineIds' | 'machineType' | 'usesMachineIds'>;

/**
 * The machine of each recording, by the flags or else by names; of a model of all types by its `type/ID`.
 * @param caller what messages begin with
 * @throws UsageError for a type, UnknownMachineIdError for a machine that the model has not
 */
export function machinesOf(
  model: KnownMachines,
  { machineId, machineType }: AskedMachine,
  caller: string,
): (file: PlacedFile) => NamedRecording {
  if (model.machineType !== ALL_MACHINE_TYPES) {
    if (machineType !== undefined && machineType !== model.machineType) {
      throw new UsageError(
        `--machine-type must be ${model.machineType}, which the model is of, got "${machineType}".`,
      );
    }
    return machineIdsOf(model, machineId, caller);
  }
  const types = typesIn(model.machineIds);
  if (machineType !== undefined && !types.includes(machineType)) {
    throw new UsageError(`--machine-type must be one of ${types.join(', ')}, got "${machineType}".`);
  }
  const idsOf = new Map(
    (machineType === undefined && machineId === undefined ? types : [machineType ?? '']).map((type) => {
      const ofType = { ...model, machineType: type, machineIds: idsOfType(model.machineIds, type) };
      return [type, machineIdsOf(type === '' ? model : ofType, machineId, caller)] as const;
    }),
  );
  return (file) => {
    const type = machineType ?? (machineId === undefined ? typeInNames(file, types) : '');
    if (type === undefined) return { path: file.path, error: typeMissing(file.path, types, caller) };
    const named = idsOf.get(type)!(file);
    if ('error' in named || type === '') return named;
    return { clip: { ...named.clip, machineId: machineName(type, named.clip.machineId) } };
  };
}

function typeMissing(path: string, types: readonly string[], caller: string): DatasetError {
  return new DatasetError(
    `${caller}: the machine type of ${printableLine(path)} must be known, but no folder or file name says one of ${types.join(', ')}, or several do. ` +
      'Pass --machine-type.',
  );
}

/**
 * The machine of each recording, by `--machine-id` or else by names.
 * @param caller what messages begin with
 * @throws UnknownMachineIdError for one that the model has not
 */
export function machineIdsOf(
  {
    machineIds,
    machineType,
    usesMachineIds,
  }: Pick<LoadedModel, 'machineIds' | 'machineType' | 'usesMachineIds'>,
  machineId: string | undefined,
  caller: string,
): (file: PlacedFile) => NamedRecording {
  const told = machineId === undefined ? undefined : machineNamed({ machineType, machineIds }, machineId);
  if (machineId !== undefined && told === undefined && usesMachineIds) {
    throw new UnknownMachineIdError(
      `${caller}: --machine-id must be one of ${machineIds.join(', ')}, got "${machineId}".`,
      machineId,
      machineIds,
    );
  }
  return (file) => {
    const { path } = file;
    const id = told ?? machineId ?? idInNames(file, machineIds);
    if (id !== undefined)
      return { clip: { path, machineType, machineId: id, label: 'normal', split: 'test' } };
    const error = new DatasetError(
      `${caller}: the machine ID of ${printableLine(path)} must be known, but neither its name says it (normal_id_00_.. and ` +
        `section_00_.. do) nor a folder below the one that was named (id_00). Pass --machine-id with one of ${machineIds.join(', ')}.`,
    );
    return { path, error };
  };
}

function idInNames(file: PlacedFile, known: readonly string[]): string | undefined {
  const named = machineIdIn(file, known);
  if (named !== undefined) return findMachineId(known, named) ?? normalizeMachineId(named);
  return known.length === 1 ? known[0] : undefined;
}

/**
 * The recordings of files and folders with their names.
 * @param caller what messages begin with
 * @throws DatasetError for a path that is none, or a folder without any
 */
export async function listNamedFiles(
  paths: readonly string[],
  { caller, onWarning }: { caller: string; onWarning(message: string): void },
): Promise<PlacedFile[]> {
  const warnings: string[] = [];
  const found = (await Promise.all(paths.map((path) => listFiles(path, { caller, warnings })))).flat();
  for (const warning of warnings) onWarning(warning);
  const unreadable = found.find((each): each is Unreadable => 'error' in each);
  if (unreadable !== undefined) throw unreadable.error;
  return found.filter((each): each is PlacedFile => 'names' in each);
}

/** The recordings of a path, each with the names from it on; or why there are none. */
async function listFiles(
  path: string,
  { caller, warnings }: { caller: string; warnings: string[] },
): Promise<(PlacedFile | Unreadable)[]> {
  const fail = (rule: string) => [{ path, error: new DatasetError(`${caller}: ${rule}`) }];
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' || code === 'ENOTDIR' ? 'it does not exist' : `it cannot be read (${code ?? cause})`;
    return fail(`${printableLine(path)} must be a file or folder, but ${why}.`);
  }
  if (!isFolder) {
    if (!basename(path).startsWith('._')) return [{ path, argument: path, names: [basename(path)] }];
    warnings.push(`${printableLine(path)} left out: it is no recording but what macOS keeps beside one.`);
    return [];
  }
  const listed = listRecordings(path);
  warnings.push(...listed.warnings);
  if (listed.paths.length === 0) {
    return fail(
      `${printableLine(resolve(path))} must hold recordings (WAV, FLAC, MP3, Ogg, Opus), got none.`,
    );
  }
  return listed.paths.map((names) => ({ path: join(path, ...names), argument: path, names }));
}

/** A line for each other machine type by which recordings are named. */
function tellOtherTypes(files: readonly PlacedFile[], machineType: string): string[] {
  const byType = new Map<string, string[]>();
  for (const file of files) {
    const types = otherMachineTypes(file, machineType).join(' and ');
    if (types !== '') byType.set(types, [...(byType.get(types) ?? []), file.path]);
  }
  return [...byType].map(
    ([types, paths]) =>
      `${paths.length} recording(s) are named as of ${types}, such as ${paths[0]}, but the model is one of ${machineType}: ` +
      'their scores say nothing of such a machine.',
  );
}
