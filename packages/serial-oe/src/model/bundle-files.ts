import { show } from '@serial-oe/foundation';
import { BundleError, type FileAccess, FileExistsError } from '@serial-oe/runtime';
import { type ZipOptions, zipSync } from 'fflate';
import type { Platform } from '../platform';
import type { ModelParts } from './model-parts';
import { unzipBundle } from './unzip-bundle';
import { BUNDLE_FILES, MANIFEST_FILE, toBundleFiles, WEIGHTS_FILE } from './write-bundle';

/** More than any file of a bundle; what an address serves may have no end. */
const MAX_DOWNLOAD_BYTES = 2 ** 30;
const REMEDY =
  'See that the address is right and its server can be reached from here (in a page: that it allows CORS).';

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
  signal?: AbortSignal,
): Promise<{ files: Map<string, Uint8Array>; name: string }> {
  if (typeof source !== 'string') {
    const name = 'the zip file';
    return { files: unzipBundle(toBytes(source), name), name };
  }
  const isUrl = /^https?:\/\//i.test(source) || platform.files === null;
  const files = isUrl
    ? await fetchBundle(source, signal)
    : await readFiles(source, fileAccess(platform, 'loadSerialOe'));
  return { files, name: source };
}

function toBytes(source: unknown): Uint8Array {
  // Not instanceof: an ArrayBuffer of another realm (a worker's, a test runner's) is as good.
  const isBuffer = Object.prototype.toString.call(source) === '[object ArrayBuffer]';
  if (isBuffer) return new Uint8Array(source as ArrayBuffer);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TypeError(
    `serial-oe.loadSerialOe: source must be a path, a URL or the bytes of a zip file, got ${show(source)}.`,
  );
}

async function readFiles(path: string, files: FileAccess): Promise<Map<string, Uint8Array>> {
  const read = async (file: string) => {
    try {
      return await files.read(file);
    } catch (cause) {
      const message = `serial-oe.loadSerialOe: ${file} must be a file that can be read, got: ${messageOf(cause)}.`;
      throw new BundleError('missing', message, { cause });
    }
  };
  const isThere = await inBundle(path, () => files.exists(path));
  if (!isThere) {
    throw new BundleError(
      'missing',
      `serial-oe.loadSerialOe: source must be a model's folder or zip, got ${path}, which does not exist.`,
    );
  }
  if (!(await inBundle(path, () => files.isFolder(path)))) return unzipBundle(await read(path), path);
  const found = new Map<string, Uint8Array>();
  for (const name of BUNDLE_FILES) {
    const file = files.join(path, name);
    if (await inBundle(path, () => files.exists(file))) found.set(name, await read(file));
  }
  return found;
}

/** A path that the system cannot follow (too long, through a file, forbidden) is no model. */
async function inBundle<T>(path: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const message = `serial-oe.loadSerialOe: source must be a path that can be followed, got ${path}: ${messageOf(cause)}.`;
    throw new BundleError('missing', message, { cause });
  }
}

async function fetchBundle(url: string, signal: AbortSignal | undefined): Promise<Map<string, Uint8Array>> {
  if (/\.zip($|[?#])/i.test(url)) return unzipBundle(await fetchBytes(url, signal), url);
  const base = url.endsWith('/') ? url : `${url}/`;
  const entries = BUNDLE_FILES.map(
    async (name): Promise<[string, Uint8Array]> => [name, await fetchBytes(base + name, signal)],
  );
  return new Map(await Promise.all(entries));
}

async function fetchBytes(url: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const where = 'serial-oe.loadSerialOe';
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok) {
      throw new BundleError(
        'missing',
        `${where}: ${url} must be served, got HTTP ${response.status}. ${REMEDY}`,
      );
    }
    return await readBody(response, url);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof BundleError) throw cause;
    throw new BundleError('missing', `${where}: ${url} must be served, got: ${messageOf(cause)}. ${REMEDY}`, {
      cause,
    });
  }
}

/** The whole body, counted as it comes: its length need not be stated, and may be wrong. */
async function readBody({ body }: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    size += next.value.length;
    if (size > MAX_DOWNLOAD_BYTES) {
      await reader?.cancel();
      throw new BundleError(
        'format',
        `serial-oe.loadSerialOe: ${url} must be of a model's size, got more than ${MAX_DOWNLOAD_BYTES} bytes. It is no model.`,
      );
    }
    chunks.push(next.value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** `fetch failed` keeps the reason in its cause. */
function messageOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message} (${cause.message})` : String(message);
}

/** The manifest is compressed; weights hardly shrink and would take seconds. */
function zip(bundle: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = [...bundle].map(([name, bytes]): [string, [Uint8Array, ZipOptions]] => [
    name,
    [bytes, { level: name === WEIGHTS_FILE ? 0 : 6 }],
  ]);
  return zipSync(Object.fromEntries(entries), { mtime: ZIP_DATE });
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
