import { show } from '@serial-oe/foundation';
import { BundleError } from '../errors';
import type { FileAccess } from '../files';
import { openZip } from './open-zip';

/** More than any file of a model; what an address serves may have no end. */
const MAX_DOWNLOAD_BYTES = 2 ** 30;
const REMEDY =
  'See that the address is right and its server can be reached from here (in a page: that it allows CORS).';

export interface OpenModelOptions {
  /** Null in a browser, where every path is an address. */
  files: FileAccess | null;
  /** Opens the messages. */
  caller: string;
  /** Files of which every model has one: they tell where in a zip it lies. */
  marks: readonly string[];
  /** Ends a download; what is thrown is its reason. */
  signal?: AbortSignal | undefined;
}

/** Where a model lies, of which no file is read yet. */
export interface ModelSource {
  /** For messages. */
  readonly name: string;
  /**
   * Those of these files that there are, by name.
   * @throws BundleError for one that cannot be read, or that an address does not serve
   */
  read(files: readonly string[]): Promise<Map<string, Uint8Array>>;
}

/**
 * The model at `source`: bytes of a zip, the path of a folder or a zip, or a URL of either.
 * @throws BundleError where there is none, or no zip that can be read; TypeError for a source of another kind
 */
export async function openModel(
  source: string | Uint8Array | ArrayBuffer,
  { files, caller, marks, signal }: OpenModelOptions,
): Promise<ModelSource> {
  const zipped = (bytes: Uint8Array, name: string): ModelSource => {
    const zip = openZip(bytes, { name, caller, marks });
    return { name, read: async (wanted) => zip.read(wanted) };
  };
  if (typeof source !== 'string') return zipped(toBytes(source, caller), 'the zip file');
  const isUrl = /^https?:\/\//i.test(source) || files === null;
  if (!isUrl) return openPath(source, { files, caller, zipped });
  if (/\.(zip|serialoe)($|[?#])/i.test(source))
    return zipped(await fetchBytes(source, { caller, signal }), source);
  const base = source.endsWith('/') ? source : `${source}/`;
  return {
    name: source,
    async read(wanted) {
      const entries = wanted.map(
        async (file): Promise<[string, Uint8Array]> => [
          file,
          await fetchBytes(base + file, { caller, signal }),
        ],
      );
      return new Map(await Promise.all(entries));
    },
  };
}

function toBytes(source: unknown, caller: string): Uint8Array {
  // Not instanceof: an ArrayBuffer of another realm (a worker's, a test runner's) is as good.
  const isBuffer = Object.prototype.toString.call(source) === '[object ArrayBuffer]';
  if (isBuffer) return new Uint8Array(source as ArrayBuffer);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TypeError(
    `${caller}: source must be a path, a URL or the bytes of a zip file, got ${show(source)}.`,
  );
}

async function openPath(
  path: string,
  {
    files,
    caller,
    zipped,
  }: { files: FileAccess; caller: string; zipped(bytes: Uint8Array, name: string): ModelSource },
): Promise<ModelSource> {
  /** A path that the system cannot follow (too long, through a file, forbidden) is no model. */
  const follow = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (cause) {
      const message = `${caller}: source must be a path that can be followed, got ${path}: ${messageOf(cause)}.`;
      throw new BundleError('missing', message, { cause });
    }
  };
  const readFile = async (file: string) => {
    try {
      return await files.read(file);
    } catch (cause) {
      const message = `${caller}: ${file} must be a file that can be read, got: ${messageOf(cause)}.`;
      throw new BundleError('missing', message, { cause });
    }
  };
  if (!(await follow(() => files.exists(path)))) {
    throw new BundleError(
      'missing',
      `${caller}: source must be a model's folder or zip, got ${path}, which does not exist.`,
    );
  }
  if (!(await follow(() => files.isFolder(path)))) return zipped(await readFile(path), path);
  return {
    name: path,
    async read(wanted) {
      const found = new Map<string, Uint8Array>();
      for (const name of wanted) {
        const file = files.join(path, name);
        if (await follow(() => files.exists(file))) found.set(name, await readFile(file));
      }
      return found;
    },
  };
}

async function fetchBytes(
  url: string,
  { caller, signal }: { caller: string; signal: AbortSignal | undefined },
): Promise<Uint8Array> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok) {
      throw new BundleError(
        'missing',
        `${caller}: ${url} must be served, got HTTP ${response.status}. ${REMEDY}`,
      );
    }
    return await readBody(response, url, caller);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof BundleError) throw cause;
    throw new BundleError(
      'missing',
      `${caller}: ${url} must be served, got: ${messageOf(cause)}. ${REMEDY}`,
      {
        cause,
      },
    );
  }
}

/** The whole body, counted as it comes: its length need not be stated, and may be wrong. */
async function readBody({ body }: Response, url: string, caller: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    size += next.value.length;
    if (size > MAX_DOWNLOAD_BYTES) {
      await reader?.cancel();
      throw new BundleError(
        'format',
        `${caller}: ${url} must be of a model's size, got more than ${MAX_DOWNLOAD_BYTES} bytes. It is no model.`,
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
