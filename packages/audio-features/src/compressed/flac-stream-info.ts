/** What a FLAC file says of itself in its first block, STREAMINFO (RFC 9639, 8.2). */
export interface FlacStreamInfo {
  sampleRate: number;
  nChannels: number;
  bitDepth: number;
  /** Of each channel; 0 where the writer did not know. */
  nSamples: number;
  /** MD5 of the samples, lower-case hexadecimal; null where the writer did not know. */
  md5: string | null;
}

const MARKER_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO_BYTES = 34;

/** Reads STREAMINFO behind the marker `fLaC` at `offset`; null where it is not there whole. */
export function readFlacStreamInfo(view: DataView, offset: number): FlacStreamInfo | null {
  const start = offset + MARKER_BYTES + BLOCK_HEADER_BYTES;
  if (start + STREAM_INFO_BYTES > view.byteLength) return null;
  const blockType = view.getUint8(offset + MARKER_BYTES) & 0x7f;
  const blockSize = view.getUint32(offset + MARKER_BYTES) & 0xffffff;
  if (blockType !== 0 || blockSize !== STREAM_INFO_BYTES) return null;
  const fields = view.getUint32(start + 10); // 20 bits rate, 3 channels, 5 depth, the first 4 of the 36 of the length
  const md5 = Array.from({ length: 16 }, (_, i) => view.getUint8(start + 18 + i));
  const hex = md5.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    sampleRate: fields >>> 12,
    nChannels: ((fields >>> 9) & 7) + 1,
    bitDepth: ((fields >>> 4) & 31) + 1,
    nSamples: (fields & 15) * 2 ** 32 + view.getUint32(start + 14),
    md5: /^0+$/.test(hex) ? null : hex,
  };
}
