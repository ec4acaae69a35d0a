import { isRecorderRate, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE } from './sample-rate-range';
import { WavError } from './wav-error';
import type { SampleFormat } from './wav-samples';

/** The content of a `fmt ` chunk that can be decoded. */
export interface WavFormat extends SampleFormat {
  sampleRate: number;
  nChannels: number;
  /** Bytes of one sample of every channel. */
  frameBytes: number;
}

/** Format tags (mmreg.h). Extensible files hold the real tag in the first two bytes of their GUID. */
export const WAVE_FORMAT_PCM = 0x0001;
export const WAVE_FORMAT_IEEE_FLOAT = 0x0003;
export const WAVE_FORMAT_EXTENSIBLE = 0xfffe;

/** Bytes 2 to 15 of the GUIDs that carry a format tag, KSDATAFORMAT_SUBTYPE_* (ksmedia.h). */
export const SUBTYPE_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

const CODEC_NAMES: Record<number, string> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'mu-law',
  17: 'IMA ADPCM',
  22: 'G.723 ADPCM',
  49: 'GSM 6.10',
  64: 'G.721 ADPCM',
  80: 'MPEG',
  85: 'MP3',
  146: 'Dolby AC-3',
  255: 'AAC',
  353: 'Windows Media Audio',
  5648: 'HE-AAC',
  26447: 'Ogg Vorbis',
  61868: 'FLAC',
};

/** Reads the body of a `fmt ` chunk. `caller` opens the messages. */
export function parseWavFormat(caller: string, body: DataView): WavFormat {
  if (body.byteLength < 16) {
    throw new WavError(
      'bad-format',
      `${caller}: the fmt chunk must hold at least 16 bytes, got ${body.byteLength}. The header is damaged.`,
    );
  }
  const encoding = readEncoding(caller, body);
  const format = {
    encoding,
    bitDepth: readBitDepth(caller, body, encoding),
    nChannels: body.getUint16(2, true),
    sampleRate: body.getUint32(4, true),
  };
  checkFormat(caller, format);
  return { ...format, frameBytes: (format.nChannels * format.bitDepth) / 8 };
}

/**
 * Bits that a sample takes in the file. Fewer valid bits stand left-aligned in whole bytes, as libsndfile reads them: 12 in
 * 16, 20 in 24. Block align counts only where it says that up to 24 bits stand in 32 and the byte rate does not deny it:
 * some writers leave 0, or the size of one channel.
 */
function readBitDepth(caller: string, body: DataView, encoding: 'pcm' | 'float'): number {
  const bitDepth = body.getUint16(14, true);
  const allowed = encoding === 'float' ? [32, 64] : [8, 16, 24, 32];
  const container = encoding === 'float' || bitDepth < 8 ? bitDepth : Math.ceil(bitDepth / 8) * 8;
  if (!allowed.includes(container)) {
    throw new WavError(
      'unsupported',
      `${caller}: a sample must take ${allowed.join(', ')} bits (${encoding}), got ${bitDepth}. Convert the file.`,
    );
  }
  const nChannels = body.getUint16(2, true);
  const packedRate = body.getUint32(4, true) * nChannels * 3;
  const isIn32 = body.getUint16(12, true) === 4 * nChannels && body.getUint32(8, true) !== packedRate;
  return container === 24 && isIn32 ? 32 : container;
}

function readEncoding(caller: string, body: DataView): 'pcm' | 'float' {
  let tag = body.getUint16(0, true);
  if (tag === WAVE_FORMAT_EXTENSIBLE) {
    if (body.byteLength < 40) {
      throw new WavError(
        'bad-format',
        `${caller}: the fmt chunk of WAVE_FORMAT_EXTENSIBLE must hold 40 bytes, got ${body.byteLength}.`,
      );
    }
    if (SUBTYPE_TAIL.some((byte, i) => body.getUint8(26 + i) !== byte)) {
      throw new WavError(
        'unsupported',
        `${caller}: the sub-format must be PCM or IEEE float, got the GUID ${readHex(body, 24, 16)}. Convert the file.`,
      );
    }
    tag = body.getUint16(24, true);
  }
  if (tag === WAVE_FORMAT_PCM) return 'pcm';
  if (tag === WAVE_FORMAT_IEEE_FLOAT) return 'float';
  const name = CODEC_NAMES[tag] ?? 'an unknown codec';
  throw new WavError(
    'unsupported',
    `${caller}: the codec must be PCM or IEEE float, got ${name} (format tag 0x${tag.toString(16).padStart(4, '0')}). ` +
      'Convert the file, e.g. with ffmpeg -i in.wav -c:a pcm_s16le out.wav.',
  );
}

function checkFormat(caller: string, { nChannels, sampleRate }: Omit<WavFormat, 'frameBytes'>): void {
  if (nChannels === 0) {
    throw new WavError('bad-format', `${caller}: the number of channels must be at least 1, got 0.`);
  }
  if (!isRecorderRate(sampleRate)) {
    throw new WavError(
      'bad-format',
      `${caller}: the sample rate must be ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} Hz, got ${sampleRate}. The header is damaged.`,
    );
  }
}

function readHex(view: DataView, offset: number, length: number): string {
  const bytes = Array.from({ length }, (_, i) =>
    view
      .getUint8(offset + i)
      .toString(16)
      .padStart(2, '0'),
  );
  return bytes.join('');
}
