/** Builds WAV files by hand, right or wrong on purpose. */

export function tag(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

export function uint16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

export function uint32(value: number): number[] {
  return [...uint16(value), ...uint16(value >>> 16)];
}

/** A chunk with its pad byte; `size` lies about the length. */
export function chunk(id: string, body: readonly number[], size = body.length): number[] {
  return [...tag(id), ...uint32(size), ...body, ...(body.length % 2 ? [0] : [])];
}

export interface FormatFields {
  code?: number;
  nChannels?: number;
  sampleRate?: number;
  bitDepth?: number;
  blockAlign?: number;
}

export function format({
  code = 1,
  nChannels = 1,
  sampleRate = 16000,
  bitDepth = 16,
  blockAlign = (nChannels * bitDepth) / 8,
}: FormatFields = {}): number[] {
  const common = [uint16(code), uint16(nChannels), uint32(sampleRate), uint32(sampleRate * blockAlign)];
  return [...common.flat(), ...uint16(blockAlign), ...uint16(bitDepth)];
}

const GUID_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** A fmt body of WAVE_FORMAT_EXTENSIBLE. */
export function extensible(fields: FormatFields = {}, guid?: number[]): number[] {
  const { code = 1, bitDepth = 16 } = fields;
  const subFormat = guid ?? [...uint16(code), ...GUID_TAIL];
  return [
    ...format({ ...fields, code: 0xfffe }),
    ...uint16(22),
    ...uint16(bitDepth),
    ...uint32(3),
    ...subFormat,
  ];
}

/** The file: header and chunks; `riffSize` lies about the length. */
export function riff(chunks: readonly number[][], { id = 'RIFF', riffSize = -1 } = {}): Uint8Array {
  const body = chunks.flat();
  return Uint8Array.from([
    ...tag(id),
    ...uint32(riffSize < 0 ? body.length + 4 : riffSize),
    ...tag('WAVE'),
    ...body,
  ]);
}

/** A plain file of one chunk `fmt ` and one chunk `data`. */
export function wav(fields: FormatFields, data: readonly number[]): Uint8Array {
  return riff([chunk('fmt ', format(fields)), chunk('data', data)]);
}
