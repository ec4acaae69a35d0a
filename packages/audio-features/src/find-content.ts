/** What the bytes of a file are, told by how they begin. */
export interface Content {
  /** `wav`, `flac`, `mp3` and `ogg` can be read; `rifx` and `other` cannot. */
  kind: 'wav' | 'rifx' | 'flac' | 'mp3' | 'ogg' | 'other';
  /** With its article, as it stands behind "got". */
  description: string;
  /** What to do, for a file of this name. */
  remedy: (fileName?: string) => string;
  /** Where it starts: 0, or behind an ID3 tag. */
  start: number;
}

/** How a kind of file begins: bytes as text (one character a byte) at an offset. */
interface Signature {
  magic: string;
  /** Default 0. */
  at?: number;
  description: string;
  remedy: Content['remedy'];
}

/** The command that makes WAV of what ffmpeg knows; the name stays where it was, so the command can be copied. */
function convert(fileName = 'recording', extension = ''): string {
  const base = fileName.replace(/\.[^.]*$/, '');
  const from = fileName === base ? `${fileName}${extension}` : fileName;
  const to = from === `${base}.wav` ? `${base}-converted.wav` : `${base}.wav`;
  const quote = (name: string) => (/^[\w.-]+$/.test(name) ? name : `"${name.replace(/["$`\\]/g, '\\$&')}"`);
  return `Convert it: ffmpeg -i ${quote(from)} ${quote(to)}`;
}

const byFfmpeg = (extension: string) => (fileName?: string) => convert(fileName, extension);
const unpack = () => 'Unpack it first.';
const leaveOut = () => 'Leave it out.';
const copyAgain = () => 'Copy the recording again.';

const SIGNATURES: readonly Signature[] = [
  {
    magic: 'version https://git-lfs.github.com/spec/',
    description: 'a Git LFS pointer in place of the recording',
    remedy: () => 'Run "git lfs pull" in its repository.',
  },
  { magic: 'riff.\x91\xcf\x11', description: 'Sony Wave64 (W64)', remedy: byFfmpeg('.w64') },
  { magic: 'AIFF', at: 8, description: 'AIFF', remedy: byFfmpeg('.aiff') },
  { magic: 'AIFC', at: 8, description: 'AIFF-C', remedy: byFfmpeg('.aifc') },
  { magic: 'caff', description: 'a Core Audio file (CAF)', remedy: byFfmpeg('.caf') },
  { magic: '.snd', description: 'a Sun audio file (AU)', remedy: byFfmpeg('.au') },
  { magic: 'ftypqt  ', at: 4, description: 'a QuickTime movie', remedy: byFfmpeg('.mov') },
  { magic: 'ftyp', at: 4, description: 'M4A or MP4 (AAC)', remedy: byFfmpeg('.m4a') },
  { magic: 'ADIF', description: 'AAC', remedy: byFfmpeg('.aac') },
  { magic: '#!AMR', description: 'AMR', remedy: byFfmpeg('.amr') },
  { magic: '\x1aE\xdf\xa3', description: 'Matroska or WebM', remedy: byFfmpeg('.webm') },
  { magic: '0&\xb2u\x8ef\xcf\x11', description: 'Windows Media (WMA)', remedy: byFfmpeg('.wma') },
  { magic: 'wvpk', description: 'WavPack', remedy: byFfmpeg('.wv') },
  { magic: 'MAC ', description: "Monkey's Audio (APE)", remedy: byFfmpeg('.ape') },
  { magic: 'TTA1', description: 'True Audio (TTA)', remedy: byFfmpeg('.tta') },
  { magic: 'NIST_1A', description: 'NIST SPHERE', remedy: byFfmpeg('.sph') },
  { magic: '\0\x05\x16\x07', description: "macOS's notes about a file (AppleDouble)", remedy: leaveOut },
  { magic: 'PK\x03\x04', description: 'a zip archive', remedy: unpack },
  { magic: 'PK\x05\x06', description: 'an empty zip archive', remedy: leaveOut },
  { magic: '\x1f\x8b', description: 'a gzip archive', remedy: unpack },
  { magic: '7z\xbc\xaf\x27\x1c', description: 'a 7-Zip archive', remedy: unpack },
  { magic: 'Rar!\x1a', description: 'a RAR archive', remedy: unpack },
  { magic: 'BZh', description: 'a bzip2 archive', remedy: unpack },
  { magic: '\xfd7zXZ', description: 'an xz archive', remedy: unpack },
  { magic: '\x28\xb5\x2f\xfd', description: 'a Zstandard archive', remedy: unpack },
  { magic: 'ustar', at: 257, description: 'a tar archive', remedy: unpack },
  { magic: '\x89HDF', description: 'an HDF5 or MATLAB file', remedy: leaveOut },
  { magic: 'MATLAB 5', description: 'a MATLAB file', remedy: leaveOut },
  { magic: '\x93NUMPY', description: 'a NumPy array', remedy: leaveOut },
  { magic: '%PDF', description: 'a PDF document', remedy: leaveOut },
  { magic: '\x89PNG', description: 'a PNG picture', remedy: leaveOut },
  { magic: '\xff\xd8\xff', description: 'a JPEG picture', remedy: leaveOut },
];

/** Bytes at the start that are looked at; an ID3 tag apart. */
const HEAD_BYTES = 512;

/** What the bytes of a file are. */
export function findContent(view: DataView): Content {
  const start = skipId3(view);
  const head = readText(view, start, HEAD_BYTES);
  const found = (kind: Content['kind'], description: string, remedy: Content['remedy']): Content => ({
    kind,
    description,
    remedy,
    start,
  });
  if (view.byteLength === 0) return found('other', 'an empty file', copyAgain);
  if (/^(RIFF|RF64|BW64)/.test(head) && (head.length < 12 || head.slice(8, 12) === 'WAVE')) {
    return found('wav', 'WAV', copyAgain);
  }
  if (head.startsWith('RIFX')) return found('rifx', 'RIFX, its big-endian kind', byFfmpeg('.wav'));
  if (head.startsWith('RIFF')) {
    return found('other', `a RIFF file of the kind "${printable(head.slice(8, 12))}"`, byFfmpeg('.avi'));
  }
  if (head.startsWith('fLaC')) return found('flac', 'FLAC', byFfmpeg('.flac'));
  if (head.startsWith('OggS')) return found('ogg', 'Ogg', byFfmpeg('.ogg'));
  const known = SIGNATURES.find(({ magic, at = 0 }) => head.startsWith(magic, at));
  if (known) return found('other', known.description, known.remedy);
  const sync = mpegKind(head);
  if (sync === 'aac') return found('other', 'AAC', byFfmpeg('.aac'));
  if (sync === 'mp3' || start > 0) return found('mp3', 'MP3', byFfmpeg('.mp3'));
  return { ...describeText(head, view), start };
}

/** Eleven set bits start a frame of MPEG audio; layer 0 is AAC, and layer I, which nobody writes, would be UTF-16's mark. */
function mpegKind(head: string): 'mp3' | 'aac' | undefined {
  const [first = 0, second = 0, third = 0xff] = [0, 1, 2].map((i) => head.charCodeAt(i));
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return 'aac';
  const isLayer2Or3 = (second & 0x06) === 0x04 || (second & 0x06) === 0x02;
  const isReserved = (second & 0x18) === 0x08 || third >= 0xf0 || (third & 0x0c) === 0x0c;
  return isLayer2Or3 && !isReserved ? 'mp3' : undefined;
}

function describeText(head: string, view: DataView): Omit<Content, 'start'> {
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  const other = (description: string, remedy: Content['remedy']) => ({
    kind: 'other' as const,
    description,
    remedy,
  });
  const download = () =>
    'The download failed: open the file in an editor to see why, and download the recording again.';
  if (/^<(!doctype html|html|head|body)\b/i.test(text)) return other('an HTML page', download);
  if (/^<(\?xml|[a-z]+[\s>])/i.test(text)) return other('XML', download);
  if (/^[[{]\s*("|\{|\[|\d|[\]}])/.test(text)) return other('JSON', download);
  if (head.length > 0 && /^\0+$/.test(head)) {
    return other(
      `${view.byteLength} bytes that start with zeros alone, as a failed copy leaves them`,
      copyAgain,
    );
  }
  const bytes = Array.from(head.slice(0, 12), (character) => hex(character.charCodeAt(0)));
  const isText = /^[\t\n\r\x20-\x7e]+$/.test(head);
  const quoted = isText ? `, the text "${printable(head.slice(0, 40))}"` : '';
  return other(
    `${view.byteLength} bytes starting with ${bytes.join(' ')}${quoted}`,
    () => 'Convert it to WAV.',
  );
}

/** Where the file starts behind an ID3v2 tag: ten bytes and a size of four times seven bits. */
function skipId3(view: DataView): number {
  if (readText(view, 0, 3) !== 'ID3' || view.byteLength < 10) return 0;
  const [a, b, c, d] = [6, 7, 8, 9].map((i) => view.getUint8(i) & 0x7f) as [number, number, number, number];
  const end = 10 + ((a << 21) | (b << 14) | (c << 7) | d);
  return Math.min(end, view.byteLength);
}

function readText(view: DataView, start: number, length: number): string {
  const end = Math.min(view.byteLength, start + length);
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ').trim();
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
