import { isRecordingName } from '@serial-oe/audio-features';
import type { App } from './app';
import { TEXTS } from './texts';

const MODEL_MARKS = ['ensemble.json', 'manifest.json', 'model.json'];
const MAX_FILES = 2000;

/** Set by the view of recordings. */
export interface RecordingTaker {
  take(files: readonly File[]): Promise<void>;
}
let taker: RecordingTaker | null = null;

export function takeRecordingsBy(own: RecordingTaker): void {
  taker = own;
}

/** Files that were dropped or chosen: a model where there is one among them, and recordings. */
export async function takeFiles(app: App, files: readonly File[]): Promise<void> {
  const pathOf = (file: File) => file.webkitRelativePath || file.name;
  const mark = files.find(({ name }) => MODEL_MARKS.includes(name));
  if (mark !== undefined) {
    const folder = pathOf(mark).slice(0, -mark.name.length);
    const own = files.filter((file) => pathOf(file) === folder + file.name);
    const read = await Promise.all(
      own.map(async (file) => ({ name: file.name, bytes: await bytesOf(file) })),
    );
    await app.load({ kind: 'files', name: folder.replace(/\/$/, '') || mark.name, files: read });
  }
  const zips = files.filter(({ name }) => /\.(serialoe|zip)$/i.test(name));
  for (const file of zips) {
    const read = [{ name: file.name, bytes: await bytesOf(file) }];
    await app.load({ kind: 'files', name: file.name, files: read });
  }
  const hasModel = mark !== undefined || zips.length > 0;
  const recordings = files.filter(({ name }) => isRecordingName(name));
  const single = files.length === 1 && !hasModel ? files : recordings; // what a single file is, the reader says
  if (single.length > 0) {
    app.showTab('recordings');
    await taker?.take(single);
  } else if (!hasModel) {
    app.notices.warn(TEXTS.errors.folder);
  }
}

export async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

/** All files of what was dropped, those of folders too, with their paths. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = Array.from(items).flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return Array.from(files);
  const found: File[] = [];
  for (const entry of entries) await collect(entry, found);
  return found;
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MAX_FILES) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    const path = entry.fullPath.replace(/^\//, '');
    if (path !== file.name) Object.defineProperty(file, 'webkitRelativePath', { value: path });
    found.push(file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const next = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  for (let batch = await next(); batch.length > 0; batch = await next()) {
    for (const each of batch) await collect(each, found);
  }
}
