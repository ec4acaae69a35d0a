import { pageChecksum } from '../../src/compressed/ogg-pages';

/** Gives each page that is still in its place the checksum of what it now holds. */
export function repairOggChecksums(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  while (offset + 27 <= bytes.length && view.getUint32(offset) === 0x4f676753) {
    const nSegments = bytes[offset + 26]!;
    const length =
      27 + nSegments + bytes.subarray(offset + 27, offset + 27 + nSegments).reduce((a, b) => a + b, 0);
    if (offset + length > bytes.length) return;
    view.setUint32(offset + 22, pageChecksum(view, offset, length), true);
    offset += length;
  }
}
