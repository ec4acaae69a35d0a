import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { type Label, readName } from '@serial-oe/datasets';
import { listRecordings } from '@serial-oe/datasets/node';
import { sha256 } from '@serial-oe/foundation';
import { createFileAccess } from '@serial-oe/runtime/node/files';
import { machineIdIn } from '../score/names-of-recordings';

/** A recording that is to be sorted. */
export interface UnsortedRecording {
  path: string;
  /** Its name among the sorted ones: that of its folders and its own, so that days stay told. */
  name: string;
  /** As its names say it. */
  machineId: string | undefined;
}

/** Where a recording went, and how to take that back. */
export interface Sorting {
  target: string;
  undo(): Promise<void>;
}

export interface SortedPlace {
  /** The folder of all sorted recordings. */
  out: string;
  machineType: string | undefined;
  /** Of all of them, where the names do not say it. */
  machineId: string | undefined;
  /** Copies, so that the recordings stay where they are. */
  isCopying: boolean;
}

/** The recordings below a folder, but for those that are sorted there. */
export function unsortedRecordings(
  folder: string,
  { out, only }: { out: string; only: string | undefined },
): { recordings: UnsortedRecording[]; warnings: string[] } {
  const { paths, warnings } = listRecordings(folder);
  const sorted = resolve(out) + sep;
  const recordings = paths.flatMap((names): UnsortedRecording[] => {
    const path = join(folder, ...names);
    if (resolve(path).startsWith(sorted) || (only !== undefined && !names.join('/').includes(only)))
      return [];
    return [{ path, name: sortedName(names), machineId: machineIdIn({ path, argument: folder, names }, []) }];
  });
  return { recordings, warnings };
}

/** The names in a row; in place of those with a word for a label, which may say otherwise than the folder, a neutral one. */
function sortedName(names: readonly string[]): string {
  const kept = names.filter((name) => readName(name.replace(/\.[^.]+$/, '')).labels.length === 0);
  if (kept.length === names.length) return names.join('_');
  const ending = extname(names.at(-1)!);
  const folders = kept.filter((name) => name !== names.at(-1));
  return [...folders, `recording-${sha256(names.join('/')).slice(0, 12)}${ending}`].join('_');
}

/** `OUT/fan/id_00/anomaly`: as `train`, `finetune` and `data check` read it. */
export function folderOf(
  { out, machineType, machineId }: SortedPlace,
  recording: Pick<UnsortedRecording, 'machineId'>,
  label: Label,
): string {
  const id = machineId ?? recording.machineId;
  const machine = id === undefined ? [] : [/^\d+$/.test(id) ? `id_${id}` : id];
  return join(out, ...(machineType === undefined ? [] : [machineType]), ...machine, label);
}

/** Where the recording was sorted to before, by its content; null where it was not. */
export async function sortedBefore(place: SortedPlace, recording: UnsortedRecording): Promise<string | null> {
  for (const label of ['anomaly', 'normal'] as const) {
    const found = await sameIn(folderOf(place, recording, label), recording);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Puts a recording where its label belongs: there is never half a file, and never none. Across disks it is copied, and its first place
 * is cleared once the copy is on the disk.
 */
export async function sortRecording(
  place: SortedPlace,
  recording: UnsortedRecording,
  label: Label,
): Promise<Sorting> {
  const folder = folderOf(place, recording, label);
  await mkdir(folder, { recursive: true });
  const target = await freeName(folder, recording.name);
  const { path } = recording;
  if (place.isCopying) {
    await copy(path, target);
    return { target, undo: () => rm(target) };
  }
  await move(path, target);
  return { target, undo: () => move(target, path) };
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copy(from, to);
    await rm(from);
  }
}

/** Under a temporary name first, and flushed. */
async function copy(from: string, to: string): Promise<void> {
  await createFileAccess().writeFile(to, new Uint8Array(await readFile(from)));
}

/** The name, with a number where another recording has it. */
async function freeName(folder: string, name: string): Promise<string> {
  const stem = basename(name, extname(name));
  for (let n = 1; ; n++) {
    const target = join(folder, n === 1 ? name : `${stem}-${n}${extname(name)}`);
    const isTaken = await access(target).then(
      () => true,
      () => false,
    );
    if (!isTaken) return target;
  }
}

/** A file of the recording's name, or that with a number, and its content. */
async function sameIn(folder: string, { path, name }: UnsortedRecording): Promise<string | null> {
  const stem = basename(name, extname(name));
  const names = await readdir(folder).catch((): string[] => []);
  const alike = names.filter(
    (each) => each === name || (each.startsWith(`${stem}-`) && extname(each) === extname(name)),
  );
  for (const each of alike) {
    const other = join(folder, each);
    if ((await stat(other)).size !== (await stat(path)).size) continue;
    if ((await readFile(other)).equals(await readFile(path))) return other;
  }
  return null;
}
