import { findContent } from './find-content';
import { WavError } from './wav-error';

/** Where the two chunks that matter lie, and what the header says of the length. */
export interface WavChunks {
  /** Body of the `fmt ` chunk. */
  format: DataView;
  /** First byte of the audio. */
  dataOffset: number;
  /** Bytes of audio as the header states them (from `ds64` in RF64). */
  statedSize: number;
  /** Whether the stated size only holds the place of one that its writer did not know: the audio goes on to the end. */
  isStreamed: boolean;
}

/** The size that stands for "unknown" in a streamed RIFF file, and for "see ds64" in RF64. */
const UNKNOWN_SIZE = 0xffffffff;

/**
 * Sizes that writers to a pipe leave: the largest of 31 or 32 bits (ffmpeg, arecord), or 0x7ffff000 (SoX), less or more
 * the header. No file of these sizes is smaller than they say.
 */
const STREAMED_SIZES = [
  [0x7fff0000, 0x8000ffff],
  [0xffff0000, 0xffffffff],
] as const;

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Chunks that recorders, editors and archives write, by which one that stands a byte off is known. */
const KNOWN_CHUNKS = new Set([
  ...['fmt ', 'data', 'fact', 'ds64', 'LIST', 'JUNK', 'junk', 'PAD ', 'FLLR', 'bext', 'iXML', 'axml', 'chna'],
  ...['PEAK', 'cue ', 'smpl', 'inst', 'plst', 'id3 ', 'ID3 ', 'DISP', 'acid', '_PMX', 'afsp', 'minf', 'elm1'],
]);

/** Walks through the chunks up to `data`. `caller` opens the messages. */
export function findWavChunks(caller: string, view: DataView): WavChunks {
  const { start: riffStart, isLong } = findContainer(caller, view);
  let format: DataView | undefined;
  let longDataSize: number | undefined;
  let empty: WavChunks | undefined;
  let offset = riffStart + RIFF_HEADER_BYTES;
  while (offset + CHUNK_HEADER_BYTES <= view.byteLength) {
    const id = readTag(view, offset);
    const size = view.getUint32(offset + 4, true);
    const start = offset + CHUNK_HEADER_BYTES;
    if (id === 'data') {
      if (!format) throw missing(caller, 'fmt', 'before the data chunk');
      if (isLong && longDataSize === undefined) throw missing(caller, 'ds64', 'in an RF64 file');
      const statedSize = isLong && size === UNKNOWN_SIZE ? longDataSize! : size;
      const chunks = { format, dataOffset: start, statedSize, isStreamed: false };
      if (isStreamedSize(view, start, statedSize)) return { ...chunks, isStreamed: true };
      if (statedSize > 0) return chunks;
      empty ??= chunks; // a chunk of audio may still follow
    } else {
      const body = readBody(caller, view, { id, start, size });
      if (id === 'fmt ') format ??= body;
      if (id === 'ds64') longDataSize ??= readLongDataSize(caller, body);
    }
    offset = nextChunk(view, start, size);
  }
  if (empty) return empty;
  if (offset < view.byteLength) {
    throw new WavError(
      'truncated',
      `${caller}: a chunk header must hold ${CHUNK_HEADER_BYTES} bytes, got ${view.byteLength - offset} before the end of the file.`,
    );
  }
  throw missing(caller, format ? 'data' : 'fmt', 'in the file');
}

/** Where the RIFF header starts: at once, or behind an ID3 tag, which some taggers put before any file. */
function findContainer(caller: string, view: DataView): { start: number; isLong: boolean } {
  const { kind, description, remedy, start } = findContent(view);
  if (kind === 'wav' && view.byteLength < start + RIFF_HEADER_BYTES) {
    throw new WavError(
      'truncated',
      `${caller}: a WAV file must hold at least ${RIFF_HEADER_BYTES} bytes, got ${view.byteLength}.`,
    );
  }
  if (kind === 'wav') return { start, isLong: readTag(view, start) !== 'RIFF' };
  if (kind === 'rifx') {
    throw new WavError(
      'unsupported',
      `${caller}: the file must be little-endian RIFF, got ${description}. ${remedy()}`,
    );
  }
  const hint = kind === 'other' ? remedy() : 'decodeAudio reads it.';
  throw new WavError(
    'not-wav',
    `${caller}: the file must start with RIFF....WAVE, got ${description}. ${hint}`,
  );
}

/**
 * Whether a data chunk of this size goes on to the end of the file: its size is one that streaming writers leave and
 * reaches beyond the file, or is 0 while what follows are no chunks, so that it can only be audio.
 */
function isStreamedSize(view: DataView, dataOffset: number, size: number): boolean {
  const available = view.byteLength - dataOffset;
  if (size === 0) return available > 0 && !areChunks(view, dataOffset);
  if (size <= available) return false;
  return size > UNKNOWN_SIZE
    ? size >= Number.MAX_SAFE_INTEGER // of ds64
    : STREAMED_SIZES.some(([least, most]) => size >= least && size <= most);
}

/** Whether from here to the end of the file chunk follows upon chunk. */
function areChunks(view: DataView, first: number): boolean {
  let offset = first;
  while (offset + CHUNK_HEADER_BYTES <= view.byteLength) {
    if (!/^[\x20-\x7e]{4}$/.test(readTag(view, offset))) return false;
    offset = nextChunk(view, offset + CHUNK_HEADER_BYTES, view.getUint32(offset + 4, true));
  }
  return offset <= view.byteLength + 1 && offset > first; // the last pad byte may be missing
}

/** Chunks are padded to even length, which some writers forget: then a known chunk stands one byte earlier. */
function nextChunk(view: DataView, start: number, size: number): number {
  const end = start + size;
  if (size % 2 === 0) return end;
  const isKnownAt = (at: number) => at + 4 <= view.byteLength && KNOWN_CHUNKS.has(readTag(view, at));
  return isKnownAt(end) && !isKnownAt(end + 1) ? end : end + 1;
}

function readBody(
  caller: string,
  view: DataView,
  { id, start, size }: { id: string; start: number; size: number },
): DataView {
  if (start + size > view.byteLength) {
    throw new WavError(
      'truncated',
      `${caller}: the chunk "${id}" must lie inside the file, got ${size} bytes at offset ${start} of ${view.byteLength}.`,
    );
  }
  return new DataView(view.buffer, view.byteOffset + start, size);
}

function readLongDataSize(caller: string, body: DataView): number {
  if (body.byteLength < 16) {
    throw new WavError(
      'bad-format',
      `${caller}: the ds64 chunk must hold at least 16 bytes, got ${body.byteLength}.`,
    );
  }
  return Number(body.getBigUint64(8, true));
}

function missing(caller: string, chunk: string, where: string): WavError {
  return new WavError('missing-chunk', `${caller}: a ${chunk} chunk must stand ${where}, got none.`);
}

function readTag(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}
