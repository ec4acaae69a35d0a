import { WavError } from './wav-error';

/** Where the two chunks that matter lie, and what the header says of the length. */
export interface WavChunks {
  /** Body of the `fmt ` chunk. */
  format: DataView;
  /** First byte of the audio. */
  dataOffset: number;
  /** Bytes of audio as the header states them (from `ds64` in RF64). */
  statedSize: number;
  /** Size of the whole file as the RIFF header states it, its own 8 bytes included. */
  statedFileSize: number;
  /** Whether the header says that its writer did not know the length. */
  isLengthUnknown: boolean;
}

/** The size that stands for "unknown" in a streamed RIFF file, and for "see ds64" in RF64. */
const UNKNOWN_SIZE = 0xffffffff;

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Walks through the chunks up to `data`. `caller` opens the messages. */
export function findWavChunks(caller: string, view: DataView): WavChunks {
  const container = readContainer(caller, view);
  let format: DataView | undefined;
  let longSizes: { fileSize: number; dataSize: number } | undefined;
  let offset = RIFF_HEADER_BYTES;
  while (offset + CHUNK_HEADER_BYTES <= view.byteLength) {
    const id = readTag(view, offset);
    const size = view.getUint32(offset + 4, true);
    const start = offset + CHUNK_HEADER_BYTES;
    if (id === 'data') {
      if (!format) throw missing(caller, 'fmt', 'before the data chunk');
      if (container === 'riff') return { format, dataOffset: start, ...shortSizes(view, start, size) };
      if (!longSizes) throw missing(caller, 'ds64', 'in an RF64 file');
      const statedSize = size === UNKNOWN_SIZE ? longSizes.dataSize : size;
      return {
        format,
        dataOffset: start,
        statedSize,
        statedFileSize: longSizes.fileSize,
        isLengthUnknown: false,
      };
    }
    const body = readBody(caller, view, { id, start, size });
    if (id === 'fmt ') format ??= body;
    if (id === 'ds64') longSizes ??= readLongSizes(caller, body);
    offset = start + size + (size % 2); // chunks are padded to even length
  }
  if (offset < view.byteLength) {
    throw new WavError(
      'truncated',
      `${caller}: a chunk header must hold ${CHUNK_HEADER_BYTES} bytes, got ${view.byteLength - offset} before the end of the file.`,
    );
  }
  throw missing(caller, format ? 'data' : 'fmt', 'in the file');
}

function readContainer(caller: string, view: DataView): 'riff' | 'rf64' {
  const tag = view.byteLength >= 4 ? readTag(view, 0) : '';
  if (tag === 'RIFX') {
    throw new WavError(
      'unsupported',
      `${caller}: the file must be little-endian RIFF, got RIFX. Convert the file.`,
    );
  }
  const isRiff = tag === 'RIFF' || tag === 'RF64' || tag === 'BW64';
  if (isRiff && view.byteLength < RIFF_HEADER_BYTES) {
    throw new WavError(
      'truncated',
      `${caller}: a WAV file must hold at least ${RIFF_HEADER_BYTES} bytes, got ${view.byteLength}.`,
    );
  }
  if (!isRiff || readTag(view, 8) !== 'WAVE') {
    throw new WavError(
      'not-wav',
      `${caller}: the file must start with RIFF....WAVE, got ${describeStart(view)}. Convert it to WAV.`,
    );
  }
  return tag === 'RIFF' ? 'riff' : 'rf64';
}

/**
 * The sizes of a plain RIFF file. A streaming writer leaves 0xFFFFFFFF, or 0 in a header that ends where the audio
 * starts although more bytes follow.
 */
function shortSizes(view: DataView, dataOffset: number, statedSize: number) {
  const riffSize = view.getUint32(4, true);
  const isZeroUnfilled =
    statedSize === 0 &&
    dataOffset < view.byteLength &&
    (riffSize === 0 || riffSize === UNKNOWN_SIZE || riffSize + CHUNK_HEADER_BYTES === dataOffset);
  const isLengthUnknown = statedSize === UNKNOWN_SIZE || isZeroUnfilled;
  const statedFileSize =
    riffSize === 0 || riffSize === UNKNOWN_SIZE ? view.byteLength : riffSize + CHUNK_HEADER_BYTES;
  return { statedSize, statedFileSize, isLengthUnknown };
}

function readBody(
  caller: string,
  view: DataView,
  { id, start, size }: { id: string; start: number; size: number },
): DataView {
  if (start + size > view.byteLength) {
    throw new WavError(
      'truncated',
      `${caller}: the chunk ${JSON.stringify(id)} must lie inside the file, got ${size} bytes at offset ${start} of ` +
        `${view.byteLength}. The file is cut off or damaged.`,
    );
  }
  return new DataView(view.buffer, view.byteOffset + start, size);
}

/** The 64-bit sizes of RF64 (EBU Tech 3306): RIFF size, data size. */
function readLongSizes(caller: string, body: DataView): { fileSize: number; dataSize: number } {
  if (body.byteLength < 16) {
    throw new WavError(
      'bad-format',
      `${caller}: the ds64 chunk must hold at least 16 bytes, got ${body.byteLength}.`,
    );
  }
  const fileSize = Number(body.getBigUint64(0, true)) + CHUNK_HEADER_BYTES;
  return { fileSize, dataSize: Number(body.getBigUint64(8, true)) };
}

function missing(caller: string, chunk: string, where: string): WavError {
  return new WavError('missing-chunk', `${caller}: a ${chunk} chunk must stand ${where}, got none.`);
}

function readTag(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}

function describeStart(view: DataView): string {
  if (view.byteLength === 0) return 'an empty file';
  const length = Math.min(view.byteLength, 12);
  const bytes = Array.from({ length }, (_, i) => view.getUint8(i).toString(16).padStart(2, '0'));
  return `${view.byteLength} bytes starting with ${bytes.join(' ')}`;
}
