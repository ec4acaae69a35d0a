import { checkKind, checkOptions, type OptionNames, show } from '@serial-oe/foundation';
import { duplicateKey } from './duplicate-key';
import {
  BYTES_PER_ELEMENT,
  decodeElements,
  isSafetensorsDtype,
  type SafetensorsDtype,
} from './safetensors-dtype';
import type { WeightArray } from './weights';

const CALLER = 'safetensors.parseSafetensors';
/** Length of the field that holds the header's length. */
export const N_PREFIX_BYTES = 8;
/** The reference implementation refuses longer headers. */
const MAX_HEADER_BYTES = 100_000_000;
/** The one entry of the header that is no tensor. */
export const METADATA_KEY = '__metadata__';

/** What is wrong with a file: cut short, header unreadable, ranges that overlap or leave gaps, or an unknown dtype. */
export type SafetensorsProblem = 'truncated' | 'header' | 'range' | 'dtype';

/** Bytes that are no valid safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly problem: SafetensorsProblem;

  constructor(problem: SafetensorsProblem, message: string, options?: ErrorOptions) {
    super(`${CALLER}: ${message}`, options);
    this.problem = problem;
  }
}

type Data = Float32Array | Float64Array;

/** One tensor, converted to float32, or to float64 where that was asked for; `dtype` is the one of the file. */
export interface SafetensorsTensor<D extends Data = Float32Array> extends WeightArray<D> {
  dtype: SafetensorsDtype;
}

/** The tensors of a file by name, in the order of its header, with its metadata. */
export class SafetensorsMap<D extends Data = Float32Array> extends Map<string, SafetensorsTensor<D>> {
  metadata: Record<string, string> = {};
}

/** Options of {@link parseSafetensors}. */
export interface ParseSafetensorsOptions {
  /** Whether tensors of dtype F64 are read into a Float64Array, bit for bit. Default false: all become float32. */
  keepFloat64?: boolean;
}

const OPTIONS: OptionNames<ParseSafetensorsOptions> = { keepFloat64: true };

interface HeaderEntry {
  name: string;
  dtype: SafetensorsDtype;
  shape: number[];
  begin: number;
  end: number;
}

/**
 * Reads a safetensors file: an 8-byte little-endian length, a JSON header, and the tensors' bytes. Follows
 * https://github.com/huggingface/safetensors (README, "Format"): ranges must lie in the file, fit dtype and shape, and
 * cover the data without overlap or gap.
 *
 * @param bytes the whole file
 * @returns a Map of name to `{ shape, data, dtype }`; F16, BF16, F64 and integers become float32, F64 stays float64 with
 * `keepFloat64`
 * @throws SafetensorsError with the `problem` when the file is truncated or its header does not hold; TypeError for an
 * option that there is not
 */
export function parseSafetensors(
  bytes: Uint8Array | ArrayBuffer,
  options: ParseSafetensorsOptions & { keepFloat64: boolean },
): SafetensorsMap<Data>;
export function parseSafetensors(
  bytes: Uint8Array | ArrayBuffer,
  options?: ParseSafetensorsOptions & { keepFloat64?: false },
): SafetensorsMap;
export function parseSafetensors(
  bytes: Uint8Array | ArrayBuffer,
  options: ParseSafetensorsOptions = {},
): SafetensorsMap<Data> {
  checkOptions(CALLER, options, OPTIONS);
  const keepFloat64 = checkKind(`${CALLER}: keepFloat64`, options.keepFloat64 ?? false, 'boolean');
  const file = toBytes(bytes);
  const headerLength = readHeaderLength(file);
  const dataStart = N_PREFIX_BYTES + headerLength;
  const header = readHeader(file.subarray(N_PREFIX_BYTES, dataStart));
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, value]) => checkEntry(name, value));
  checkCoverage(entries, file.byteLength - dataStart);

  const tensors = new SafetensorsMap<Data>();
  tensors.metadata = readMetadata(header[METADATA_KEY]);
  for (const { name, dtype, shape, begin, end } of entries) {
    const view = new DataView(file.buffer, file.byteOffset + dataStart + begin, end - begin);
    const create =
      keepFloat64 && dtype === 'F64'
        ? (length: number) => new Float64Array(length)
        : (length: number) => new Float32Array(length);
    tensors.set(name, { shape, dtype, data: decodeElements<Data>(view, dtype, create) });
  }
  return tensors;
}

function toBytes(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  // Not instanceof: an ArrayBuffer of another realm (a worker's, a test runner's) is as good.
  if (Object.prototype.toString.call(bytes) === '[object ArrayBuffer]') return new Uint8Array(bytes);
  throw new TypeError(`${CALLER}: bytes must be a Uint8Array or ArrayBuffer, got ${typeof bytes}.`);
}

function readHeaderLength(file: Uint8Array): number {
  if (file.byteLength < N_PREFIX_BYTES) {
    throw new SafetensorsError(
      'truncated',
      `the file must hold at least ${N_PREFIX_BYTES} bytes, got ${file.byteLength}. Fetch it again.`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, N_PREFIX_BYTES);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new SafetensorsError(
      'header',
      `the header must be at most ${MAX_HEADER_BYTES} bytes long, got ${length}. This is no safetensors file.`,
    );
  }
  if (Number(length) > file.byteLength - N_PREFIX_BYTES) {
    throw new SafetensorsError(
      'truncated',
      `the header must lie within the file, got a header of ${length} bytes in a file of ${file.byteLength}. Fetch it again.`,
    );
  }
  return Number(length);
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(json);
  } catch (cause) {
    throw new SafetensorsError('header', 'the header must be JSON in UTF-8. This is no safetensors file.', {
      cause,
    });
  }
  if (!isRecord(header) || !json.startsWith('{')) {
    const start = JSON.stringify(json.slice(0, 20));
    throw new SafetensorsError(
      'header',
      `the header must be a JSON object, got a text that starts ${start}.`,
    );
  }
  const twice = duplicateKey(json);
  if (twice !== undefined) {
    throw new SafetensorsError('header', `the header must hold each name once, got ${twice} twice.`);
  }
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number of at least 0. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string')) {
    throw new SafetensorsError('header', `${METADATA_KEY} must map text to text, got ${show(value)}.`);
  }
  return value as Record<string, string>;
}

/** One tensor's entry: known dtype, a shape of sizes, and a range of exactly the bytes that these need. */
function checkEntry(name: string, value: unknown): HeaderEntry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (!isSafetensorsDtype(dtype)) {
    throw new SafetensorsError(
      'dtype',
      `the dtype of ${name} must be one of ${Object.keys(BYTES_PER_ELEMENT).join(', ')}, got ${show(dtype)}.`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    throw new SafetensorsError('header', `the shape of ${name} must be a list of sizes, got ${show(shape)}.`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw new SafetensorsError(
      'range',
      `data_offsets of ${name} must be [begin, end], got ${show(offsets)}.`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const nBytes = countBytes(shape, dtype);
  if (end - begin !== nBytes) {
    throw new SafetensorsError(
      'range',
      `${name} must take ${nBytes} bytes (${dtype}, [${shape.join(', ')}]), got the range [${begin}, ${end}).`,
    );
  }
  return { name, dtype, shape: [...shape], begin, end };
}

/** Infinity where a product on the way is too large to be exact, so that no shape can wrap around or hide behind a 0. */
function countBytes(shape: readonly number[], dtype: SafetensorsDtype): number {
  let nBytes: number = BYTES_PER_ELEMENT[dtype];
  for (const size of shape) {
    nBytes *= size;
    if (!Number.isSafeInteger(nBytes)) return Number.POSITIVE_INFINITY;
  }
  return nBytes;
}

/** The ranges must follow each other without overlap or gap and end where the file ends. */
function checkCoverage(entries: readonly HeaderEntry[], nDataBytes: number): void {
  let position = 0;
  const inOrder = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, begin, end } of inOrder) {
    if (begin !== position) {
      const what = begin < position ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw new SafetensorsError(
        'range',
        `${name} must start at byte ${position} of the data, got ${begin}: it ${what}.`,
      );
    }
    if (end > nDataBytes) {
      throw new SafetensorsError(
        'truncated',
        `${name} must lie within the file, got the range [${begin}, ${end}) of ${nDataBytes} bytes of data. Fetch the file again.`,
      );
    }
    position = end;
  }
  if (position !== nDataBytes) {
    throw new SafetensorsError(
      'range',
      `the tensors must cover the data, got ${nDataBytes - position} bytes after the last one.`,
    );
  }
}
