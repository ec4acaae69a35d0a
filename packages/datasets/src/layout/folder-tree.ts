import { type NameFacts, readName } from '../names/read-name';
import { type RecordingName, readRecordingName } from '../names/recording-name';

/** A recording, with what its own name says. */
export interface RecordingFile {
  /** From the root. */
  path: readonly string[];
  /** By the rules of a published data set, or null. */
  named: RecordingName | null;
  facts: NameFacts;
}

/** A folder with recordings somewhere below it. */
export interface Folder {
  name: string;
  /** From the root, which is `[]`. */
  path: readonly string[];
  facts: NameFacts;
  parent: Folder | null;
  folders: Folder[];
  files: RecordingFile[];
}

/** The folders of recordings, given by their paths below a root, in the order in which they come. */
export function folderTree(paths: readonly (readonly string[])[], rootName: string): Folder {
  const root = newFolder(rootName, null);
  const known = new Map<string, Folder>();
  const folderOf = (path: readonly string[]): Folder => {
    if (path.length === 0) return root;
    const key = path.join('\0');
    const found = known.get(key);
    if (found) return found;
    const parent = folderOf(path.slice(0, -1));
    const folder = newFolder(path.at(-1) as string, parent);
    parent.folders.push(folder);
    known.set(key, folder);
    return folder;
  };
  for (const path of paths) folderOf(path.slice(0, -1)).files.push(recordingFile(path));
  return root;
}

function newFolder(name: string, parent: Folder | null): Folder {
  const path = parent === null ? [] : [...parent.path, name];
  return { name, path, parent, facts: readName(name), folders: [], files: [] };
}

/** The words of a name that is read by rules say no more. */
const NOTHING = readName('');

function recordingFile(path: readonly string[]): RecordingFile {
  const name = path.at(-1) as string;
  const named = readRecordingName(name);
  return { path, named, facts: named === null ? readName(name.replace(/\.[^.]*$/, '')) : NOTHING };
}

/** Every recording below a folder. */
export function* recordingsBelow(folder: Folder): Generator<RecordingFile> {
  yield* folder.files;
  for (const each of folder.folders) yield* recordingsBelow(each);
}

/** Every folder below, and itself. */
export function* foldersFrom(folder: Folder): Generator<Folder> {
  yield folder;
  for (const each of folder.folders) yield* foldersFrom(each);
}

/** Whether its own name says what it is. */
export function saysLabel({ named, facts }: RecordingFile): boolean {
  return named?.label !== undefined || named?.isBackground === true || facts.labels.length === 1;
}
