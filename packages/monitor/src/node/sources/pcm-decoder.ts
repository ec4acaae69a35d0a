import { checkNumber, checkOneOf, wholeNumber } from '@serial-oe/foundation';

/** Little-endian PCM without a header, by ffmpeg's names. */
export const PCM_ENCODINGS = ['s16le', 's24le', 's32le', 'f32le'] as const;
export type PcmEncoding = (typeof PCM_ENCODINGS)[number];

export interface PcmFormat {
  /** Default 's16le'. */
  encoding?: PcmEncoding | undefined;
  /** Interleaved channels; default 1. */
  channels?: number | undefined;
  /** Which one is heard, from 0; default: the mean of all. */
  channel?: number | undefined;
}

const READERS: Record<PcmEncoding, { size: number; read: (view: DataView, at: number) => number }> = {
  s16le: { size: 2, read: (view, at) => view.getInt16(at, true) / 2 ** 15 },
  s24le: {
    size: 3,
    read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 2 ** 23,
  },
  s32le: { size: 4, read: (view, at) => view.getInt32(at, true) / 2 ** 31 },
  f32le: { size: 4, read: (view, at) => view.getFloat32(at, true) },
};

/** Bytes of PCM in pieces of any size -> mono samples. */
export class PcmDecoder {
  readonly #reader: (typeof READERS)[PcmEncoding];
  readonly #nChannels: number;
  readonly #channel: number | null;
  /** Bytes of a frame that has not come as a whole. */
  #rest = new Uint8Array(0);

  /** @throws RangeError naming the field */
  constructor({ encoding = 's16le', channels = 1, channel }: PcmFormat = {}) {
    const where = 'monitor.pcm';
    this.#reader = READERS[checkOneOf(`${where}: encoding`, encoding, PCM_ENCODINGS)];
    this.#nChannels = checkNumber(`${where}: channels`, channels, wholeNumber(1, 64));
    if (channel !== undefined) checkNumber(`${where}: channel`, channel, wholeNumber(0, channels - 1));
    this.#channel = channel ?? null;
  }

  decode(bytes: Uint8Array): Float32Array {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const { size, read } = this.#reader;
    const frameSize = size * this.#nChannels;
    const nFrames = Math.floor(all.length / frameSize);
    this.#rest = all.slice(nFrames * frameSize);
    const view = new DataView(all.buffer);
    const [first, n] = this.#channel === null ? [0, this.#nChannels] : [this.#channel, 1];
    return Float32Array.from({ length: nFrames }, (_, frame) => {
      let sum = 0;
      for (let c = first; c < first + n; c++) sum += read(view, frame * frameSize + c * size);
      return sum / n;
    });
  }
}
