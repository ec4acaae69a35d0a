import { zlibSync } from 'fflate';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const BIT_DEPTH = 8;
const TRUE_COLOR = 2;

/** The polynomial of CRC-32 with its bits reversed (ISO 3309), which PNG prescribes. */
const CRC_POLYNOMIAL = 0xedb88320;

/** Length, type and checksum, 4 bytes each. */
const CHUNK_OVERHEAD = 12;

/**
 * A PNG of 8 bits a channel, without interlacing and without filters.
 *
 * @param pixels RGB, row after row from the top, `3 * width * height` bytes.
 * @see "Portable Network Graphics Specification", third edition, W3C 2025.
 */
export function encodePng(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13); // compression, filter method and interlacing stay 0
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([BIT_DEPTH, TRUE_COLOR], 8);
  const rowLength = 3 * width;
  const rows = new Uint8Array((rowLength + 1) * height); // each row begins with its filter, 0 for none
  for (let row = 0; row < height; row++) {
    rows.set(pixels.subarray(row * rowLength, (row + 1) * rowLength), row * (rowLength + 1) + 1);
  }
  const chunks: [string, Uint8Array][] = [
    ['IHDR', header],
    ['IDAT', zlibSync(rows)],
    ['IEND', new Uint8Array()],
  ];
  const length = chunks.reduce((sum, [, data]) => sum + data.length + CHUNK_OVERHEAD, SIGNATURE.length);
  const png = new Uint8Array(length);
  png.set(SIGNATURE);
  let start = SIGNATURE.length;
  for (const [type, data] of chunks) {
    const end = start + data.length + CHUNK_OVERHEAD;
    writeChunk(png.subarray(start, end), type, data);
    start = end;
  }
  return png;
}

function writeChunk(chunk: Uint8Array, type: string, data: Uint8Array): void {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const end = chunk.length - 4;
  view.setUint32(0, data.length);
  for (let i = 0; i < type.length; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(data, 8);
  view.setUint32(end, crc32(chunk.subarray(4, end)));
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC_POLYNOMIAL : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
