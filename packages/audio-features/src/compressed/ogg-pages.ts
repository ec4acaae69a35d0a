/** What the pages of an Ogg file say (RFC 3533), without decoding what they hold. */
export interface OggPages {
  /** The first packet, by which the codec is known. */
  firstPacket: DataView;
  /** Samples up to the end of the last page, as it states them. */
  lastGranule: number;
  /** Whether the last page is marked as the last. */
  hasEnd: boolean;
  /** Packets that end in these pages. */
  nPackets: number;
  /** Logical streams: 1 in a file of sound. */
  nStreams: number;
  /** What is wrong, or null; pages before `soundBytes` are whole. */
  damage: string | null;
  /** Bytes from the start that are whole pages in sequence. */
  soundBytes: number;
}

const HEADER_BYTES = 27;
const LAST_PAGE = 4;
const NO_GRANULE = 0xffffffffffffffffn;

interface Page {
  serial: number;
  sequence: number;
  granule: bigint;
  nPackets: number;
  isLast: boolean;
  bodyOffset: number;
  length: number;
}

/** Walks from page to page up to the end of the file or the first that is not whole; null where the first is not. */
export function walkOggPages(view: DataView): OggPages | null {
  const first = readPage(view, 0);
  if (typeof first === 'string') return null;
  const serials = new Set<number>();
  let { lastGranule, hasEnd, damage } = { lastGranule: 0, hasEnd: false, damage: null as string | null };
  let [offset, sequence, nPackets] = [0, first.sequence, 0];
  while (offset < view.byteLength) {
    const page = readPage(view, offset);
    if (typeof page === 'string') {
      damage = page;
      break;
    }
    serials.add(page.serial);
    if (serials.size === 1 && page.sequence !== sequence++) {
      damage = `page ${page.sequence} where page ${sequence - 1} should stand`;
      break;
    }
    if (page.granule !== NO_GRANULE) lastGranule = Number(BigInt.asIntN(64, page.granule));
    hasEnd = page.isLast;
    nPackets += page.nPackets;
    offset += page.length;
  }
  const firstPacket = new DataView(
    view.buffer,
    view.byteOffset + first.bodyOffset,
    first.length - first.bodyOffset,
  );
  return { firstPacket, lastGranule, hasEnd, nPackets, nStreams: serials.size, damage, soundBytes: offset };
}

/** A page, or what is wrong with it. */
function readPage(view: DataView, offset: number): Page | string {
  if (offset + HEADER_BYTES > view.byteLength) return 'a page that is cut off at the end of the file';
  if (view.getUint32(offset) !== 0x4f676753 || view.getUint8(offset + 4) !== 0) {
    return `no page at byte ${offset}, where one should start`;
  }
  const nSegments = view.getUint8(offset + 26);
  const bodyOffset = offset + HEADER_BYTES + nSegments;
  if (bodyOffset > view.byteLength) return 'a page that is cut off at the end of the file';
  let length = HEADER_BYTES + nSegments;
  let nPackets = 0;
  for (let i = 0; i < nSegments; i++) {
    const lacing = view.getUint8(offset + HEADER_BYTES + i);
    length += lacing;
    if (lacing < 255) nPackets++;
  }
  if (offset + length > view.byteLength) return 'a page that is cut off at the end of the file';
  if (pageChecksum(view, offset, length) !== view.getUint32(offset + 22, true)) {
    return `a page at byte ${offset} whose checksum is wrong`;
  }
  return {
    serial: view.getUint32(offset + 14, true),
    sequence: view.getUint32(offset + 18, true),
    granule: view.getBigUint64(offset + 6, true),
    nPackets,
    isLast: (view.getUint8(offset + 5) & LAST_PAGE) !== 0,
    bodyOffset,
    length,
  };
}

/** CRC-32 of the polynomial 0x04c11db7, not reflected, from 0, the field of the checksum itself taken as 0. */
export function pageChecksum(view: DataView, offset: number, length: number): number {
  const table = CRC_TABLE;
  let crc = 0;
  for (let i = 0; i < length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : view.getUint8(offset + i);
    crc = ((crc << 8) ^ table[(crc >>> 24) ^ byte]!) >>> 0;
  }
  return crc;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});
