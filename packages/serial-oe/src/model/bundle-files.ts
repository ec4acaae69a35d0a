import { BundleError, type FileAccess, FileExistsError } from '@serial-oe/runtime';
import { unzipSync, type ZipOptions, zipSync } from 'fflate';
import type { Platform } from '../platform';
import type { ModelParts } from './model-parts';
import { MANIFEST_FILE, toBundleFiles, WEIGHTS_FILE } from './write-bundle';

/** Zip's date field begins in 1980; a fixed date keeps the same model the same file. */
const ZIP_DATE = '1980-01-01T00:00:00';

/** Writes a bundle as a folder, or as a zip file by its name. */
export async function saveBundle(
  parts: ModelParts,
  { target, platform }: { target: string; platform: Platform },
): Promise<void> {
  const files = fileAccess(platform, 'save');
  const bundle = await toBundleFiles(parts);
  if (target.toLowerCase().endsWith('.zip')) {
    await files.writeFile(target, zip(bundle));
    return;
  }
  if ((await files.exists(target)) && !(await files.exists(files.join(target, MANIFEST_FILE)))) {
    throw new FileExistsError(
      `serial-oe.save: target must be a new folder or a model, got ${target}, which is neither. Nothing was written.`,
    );
  }
  await files.writeFolder(target, bundle);
}

/** The files of the bundle at `source`: bytes of a zip, the path of a folder or a zip, or a URL of either. */
export async function readBundle(
  source: string | Uint8Array | ArrayBuffer,
  platform: Platform,
): Promise<{ files: Map<string, Uint8Array>; name: string }> {
  if (typeof source !== 'string') {
    if (typeof source !== 'object' || source === null) {
      throw new TypeError(
        `serial-oe.loadSerialOe: source must be a path, a URL or the bytes of a zip file, got ${typeof source}.`,
      );
    }
    const name = 'the zip file';
    return { files: unzip(source instanceof Uint8Array ? source : new Uint8Array(source), name), name };
  }
  const isUrl = /^https?:\/\//i.test(source) || platform.files === null;
  const files = isUrl
    ? await fetchBundle(source)
    : await readFiles(source, fileAccess(platform, 'loadSerialOe'));
  return { files, name: source };
}

async function readFiles(path: string, files: FileAccess): Promise<Map<string, Uint8Array>> {
  if (!(await files.exists(path))) {
    throw new BundleError(
      'missing',
      `serial-oe.loadSerialOe: source must be a model's folder or zip, got ${path}, which does not exist.`,
    );
  }
  if (!(await files.isFolder(path))) return unzip(await files.read(path), path);
  const found = new Map<string, Uint8Array>();
  for (const name of [MANIFEST_FILE, WEIGHTS_FILE]) {
    const file = files.join(path, name);
    if (await files.exists(file)) found.set(name, await files.read(file));
  }
  return found;
}

async function fetchBundle(url: string): Promise<Map<string, Uint8Array>> {
  if (/\.zip($|[?#])/i.test(url)) return unzip(await fetchBytes(url), url);
  const base = url.endsWith('/') ? url : `${url}/`;
  const entries = [MANIFEST_FILE, WEIGHTS_FILE].map(
    async (name): Promise<[string, Uint8Array]> => [name, await fetchBytes(base + name)],
  );
  return new Map(await Promise.all(entries));
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new BundleError(
      'missing',
      `serial-oe.loadSerialOe: ${url} must be served, got HTTP ${response.status}.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** The manifest is compressed; weights hardly shrink and would take seconds. */
function zip(bundle: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = [...bundle].map(([name, bytes]): [string, [Uint8Array, ZipOptions]] => [
    name,
    [bytes, { level: name === WEIGHTS_FILE ? 0 : 6 }],
  ]);
  return zipSync(Object.fromEntries(entries), { mtime: ZIP_DATE });
}

function unzip(bytes: Uint8Array, name: string): Map<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(bytes)));
  } catch (cause) {
    throw new BundleError(
      'format',
      `serial-oe.loadSerialOe: ${name} must be a model's folder or zip file, got no readable zip: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

function fileAccess({ files }: Platform, caller: string): FileAccess {
  if (files === null) {
    throw new BundleError(
      'missing',
      `serial-oe.${caller}: needs a file system; in a browser use toBundleFiles and a zip.`,
    );
  }
  return files;
}
