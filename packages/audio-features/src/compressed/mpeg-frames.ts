/** What the frames of an MP3 file say, without decoding them. */
export interface MpegFrames {
  nFrames: number;
  /** Samples of a channel in each frame. */
  samplesPerFrame: number;
  sampleRate: number;
  isMono: boolean;
  /** Frames of sound as a Xing or Info header states them; null without one. */
  statedFrames: number | null;
  /** Bytes that belong to no frame and no tag, between the frames or behind them. */
  nLostBytes: number;
  /** Whether the last frame is cut off. */
  isCut: boolean;
}

interface FrameHeader {
  length: number;
  nSamples: number;
  sampleRate: number;
  isMono: boolean;
  /** Bytes between header and audio data, where a Xing header stands. */
  sideInfoBytes: number;
}

/** kbit/s by index (ISO 11172-3 and 13818-3): layer III and II of MPEG 1, both of MPEG 2. */
const BITRATES = {
  layer3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  layer2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  low: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SAMPLE_RATES = [44_100, 48_000, 32_000];

const HEADER_BYTES = 4;
/** Tags that stand behind the frames: ID3v1, APE, Lyrics3, and ID3v2 where files were joined. */
const TAGS = ['TAG', 'APETAGEX', 'LYRICSBEGIN', 'ID3'];

/** Walks from frame to frame; null where there is none. */
export function walkMpegFrames(view: DataView, start: number): MpegFrames | null {
  let found: MpegFrames | null = null;
  let offset = start;
  let lostFrom = start;
  while (offset + HEADER_BYTES <= view.byteLength) {
    const header = readHeader(view, offset);
    const isFrame = header !== null && (found === null || isSameKind(header, found));
    if (!isFrame || (found === null && !isFollowed(view, offset, header))) {
      if (found !== null && isAtTag(view, offset)) return found;
      offset++;
      continue;
    }
    found ??= emptyWalk(header);
    if (found.nFrames > 0 || found.statedFrames !== null) found.nLostBytes += offset - lostFrom;
    if (offset + header.length > view.byteLength) return { ...found, isCut: true };
    const stated = found.nFrames === 0 ? readStatedFrames(view, offset, header) : null;
    if (stated !== null)
      found.statedFrames = stated; // that frame holds no sound
    else found.nFrames++;
    offset += header.length;
    lostFrom = offset;
  }
  if (found !== null) found.nLostBytes += view.byteLength - lostFrom;
  return found;
}

function emptyWalk({ nSamples, sampleRate, isMono }: FrameHeader): MpegFrames {
  return {
    nFrames: 0,
    samplesPerFrame: nSamples,
    sampleRate,
    isMono,
    statedFrames: null,
    nLostBytes: 0,
    isCut: false,
  };
}

function isSameKind(header: FrameHeader, { samplesPerFrame, sampleRate, isMono }: MpegFrames): boolean {
  return header.nSamples === samplesPerFrame && header.sampleRate === sampleRate && header.isMono === isMono;
}

/** Whether another frame stands behind the first, or the end of the file: eleven bits alone are met by chance. */
function isFollowed(view: DataView, offset: number, header: FrameHeader): boolean {
  const next = offset + header.length;
  return next + HEADER_BYTES > view.byteLength || readHeader(view, next) !== null || isAtTag(view, next);
}

function readHeader(view: DataView, offset: number): FrameHeader | null {
  const bits = view.getUint32(offset);
  const [version, layer] = [(bits >>> 19) & 3, (bits >>> 17) & 3];
  const [bitrateIndex, rateIndex] = [(bits >>> 12) & 15, (bits >>> 10) & 3];
  const isLayer3 = layer === 1;
  if (bits >>> 21 !== 0x7ff || version === 1 || (!isLayer3 && layer !== 2)) return null;
  if (bitrateIndex === 0 || bitrateIndex === 15 || rateIndex === 3) return null;
  const isVersion1 = version === 3;
  const table = isVersion1 ? (isLayer3 ? BITRATES.layer3 : BITRATES.layer2) : BITRATES.low;
  const sampleRate = SAMPLE_RATES[rateIndex]! / (isVersion1 ? 1 : version === 2 ? 2 : 4);
  const nSamples = isLayer3 && !isVersion1 ? 576 : 1152;
  const padding = (bits >>> 9) & 1;
  const isMono = ((bits >>> 6) & 3) === 3;
  const sideInfoBytes = isVersion1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const length = Math.floor(((nSamples / 8) * table[bitrateIndex]! * 1000) / sampleRate) + padding;
  return { length, nSamples, sampleRate, isMono, sideInfoBytes };
}

/** The number of frames in a Xing or Info header, which encoders put into a first frame without sound. */
function readStatedFrames(
  view: DataView,
  offset: number,
  { sideInfoBytes, length }: FrameHeader,
): number | null {
  const at = offset + HEADER_BYTES + sideInfoBytes;
  if (length < HEADER_BYTES + sideInfoBytes + 12 || at + 12 > view.byteLength) return null;
  if (!['Xing', 'Info'].includes(readTag(view, at, 4))) return null;
  const hasFrames = (view.getUint32(at + 4) & 1) === 1;
  return hasFrames ? view.getUint32(at + 8) : null;
}

function isAtTag(view: DataView, offset: number): boolean {
  return TAGS.some((tag) => readTag(view, offset, tag.length) === tag);
}

function readTag(view: DataView, offset: number, length: number): string {
  const end = Math.min(view.byteLength, offset + length);
  let text = '';
  for (let i = offset; i < end; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}
