import { nameSome, show } from '@serial-oe/foundation';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { BundleError } from '../errors';

/** Far more than a folder holds that someone zipped with a model in it. */
const MAX_ENTRIES = 1000;
const MAX_ENTRY_BYTES = 2 ** 30;
/** Weights hardly shrink and a manifest to a tenth; what grows a thousandfold is no model. */
const MAX_RATIO = 100;
/** Of this size anything may be. */
const MIN_BOUND_BYTES = 2 ** 20;
/** Methods of zip: stored and deflated. */
const METHODS = [0, 8];

export interface OpenZipOptions {
  /** The zip's, in messages. */
  name: string;
  /** Opens the messages. */
  caller: string;
  /** Files of which every model has one: they tell where in the zip it lies. */
  marks: readonly string[];
}

/** A model in a zip, of which nothing is unpacked yet. */
export interface ZippedModel {
  /**
   * Those of these files that there are. Nothing else is unpacked, and nothing that is larger than a model can be.
   * @throws BundleError
   */
  read(files: readonly string[]): Map<string, Uint8Array>;
}

/**
 * The model in a zip, at its top or in the one folder that holds a model.
 * @throws BundleError where it is no zip, a damaged one, or one of several models
 */
export function openZip(bytes: Uint8Array, { name, caller, marks }: OpenZipOptions): ZippedModel {
  const refuse = (message: string, cause?: unknown): never => {
    throw new BundleError(
      'format',
      `${caller}: ${name} must ${message}`,
      cause === undefined ? undefined : { cause },
    );
  };
  if (!startsAsZip(bytes)) refuse(`be a model's folder or zip file, got ${startOf(bytes)}.`);
  const entries = listEntries(bytes, refuse);
  const prefix = findFolder([...entries.keys()], marks, refuse);
  return { read: (files) => unzip(bytes, { files, entries, prefix, refuse }) };
}

function unzip(
  bytes: Uint8Array,
  {
    files,
    entries,
    prefix,
    refuse,
  }: {
    files: readonly string[];
    entries: ReadonlyMap<string, UnzipFileInfo>;
    prefix: string;
    refuse: Refuse;
  },
): Map<string, Uint8Array> {
  const wanted = new Set(files.map((file) => prefix + file));
  for (const [path, info] of entries) if (wanted.has(path)) checkEntry(info, bytes, refuse);
  const found = new Map<string, Uint8Array>();
  try {
    const isWanted = ({ name: entry }: UnzipFileInfo) => wanted.has(withSlashes(entry));
    for (const [entry, content] of Object.entries(unzipSync(bytes, { filter: isWanted }))) {
      found.set(withSlashes(entry).slice(prefix.length), content);
    }
  } catch (cause) {
    refuse(
      `be a zip file that can be read, got a damaged one: ${(cause as Error).message}. Copy it again.`,
      cause,
    );
  }
  return found;
}

type Refuse = (message: string, cause?: unknown) => never;

/** What the zip says of each of its files, by path, unpacking none. */
function listEntries(bytes: Uint8Array, refuse: Refuse): Map<string, UnzipFileInfo> {
  const entries = new Map<string, UnzipFileInfo>();
  let nEntries = 0;
  const add = (info: UnzipFileInfo) => {
    const path = withSlashes(info.name);
    // thrown out of fflate's loop, whose end is a number out of the file
    if (++nEntries > MAX_ENTRIES)
      refuse(`hold the files of a model, got a zip of more than ${MAX_ENTRIES} files.`);
    if (path === '')
      refuse('be a zip file that can be read, got one with a damaged list of its files. Copy it again.');
    if (entries.has(path)) refuse(`hold each file once, got ${show(path)} twice.`);
    entries.set(path, info);
    return false;
  };
  try {
    unzipSync(bytes, { filter: add });
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    refuse(
      `be a zip file that can be read, got a damaged one: ${(cause as Error).message}. Copy it again.`,
      cause,
    );
  }
  return entries;
}

/** The path before the model's files: nothing, or a folder and its slash. */
function findFolder(paths: readonly string[], marks: readonly string[], refuse: Refuse): string {
  const isMac = (path: string) => path.startsWith('__MACOSX/');
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  const marked = paths.filter((path) => marks.includes(path.slice(folderOf(path).length)) && !isMac(path));
  const folders = [...new Set(marked.map(folderOf))];
  if (folders.includes('')) return '';
  if (folders.length > 1) {
    refuse(
      `hold one model, got ${nameSome(folders.map((folder) => show(folder)))}. Unzip it and name the folder.`,
    );
  }
  return folders[0] ?? '';
}

function checkEntry(info: UnzipFileInfo, bytes: Uint8Array, refuse: Refuse): void {
  const { name, size, originalSize, compression } = info;
  if (isEncrypted(bytes, name)) {
    refuse('be a zip file without a password, got an encrypted one. Zip it anew without, or unzip it.');
  }
  if (!METHODS.includes(compression)) {
    refuse(`be stored or deflated, got the method ${compression} of zip at ${show(name)}. Zip it anew.`);
  }
  const packed = Math.min(size, bytes.length); // either may lie
  const bound = Math.min(MAX_ENTRY_BYTES, Math.max(MIN_BOUND_BYTES, MAX_RATIO * packed));
  if (originalSize <= bound && packed <= MAX_ENTRY_BYTES) return;
  refuse(
    `hold files of a model's size, got ${show(name)} of ${originalSize} bytes out of ${packed}. It is no model, or damaged.`,
  );
}

/** `PK`, and what the first header of a zip goes on with; an empty zip begins with its end. */
function startsAsZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** Whether the zip's directory says so of a file; fflate does not tell. Its comment may hold what looks like an entry. */
function isEncrypted(bytes: Uint8Array, name: string): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = directoryStart(view); at + ENTRY_BYTES <= bytes.length; ) {
    if (view.getUint32(at, true) !== ENTRY) return false;
    const [nName, nExtra, nComment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const flags = view.getUint16(at + 8, true);
    const start = at + ENTRY_BYTES;
    const letters = bytes.subarray(start, start + nName!);
    if (new TextDecoder((flags & UTF8) === 0 ? 'latin1' : 'utf8').decode(letters) === name) {
      return (flags & 1) === 1;
    }
    at = start + nName! + nExtra! + nComment!;
  }
  return false;
}

/** Of an entry of the directory, and of the record at the zip's end that says where the directory starts. */
const [ENTRY, ENTRY_BYTES] = [0x02014b50, 46] as const;
const [END, END_BYTES] = [0x06054b50, 22] as const;
const UTF8 = 0x800;

function directoryStart(view: DataView): number {
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) === END) return view.getUint32(at + 16, true);
  }
  return view.byteLength;
}

/** What it is instead, as far as its first bytes tell. */
function startOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 40));
  if (/^\s*<(!doctype|html)/i.test(start)) return 'an HTML page';
  if (start.startsWith('version https://git-lfs')) {
    return 'a pointer of Git LFS, which `git lfs pull` replaces by the file';
  }
  return `${bytes.length} bytes that start ${JSON.stringify(start.slice(0, 20))}`;
}

/** Some writers on Windows put backslashes. */
function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}
