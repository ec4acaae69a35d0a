/** How the samples of a WAV file are stored. */
export interface SampleFormat {
  encoding: 'pcm' | 'float';
  /** Bits a sample takes in the file: 8, 16, 24 or 32 (pcm), 32 or 64 (float). */
  bitDepth: number;
}

/**
 * Interleaved little-endian samples to one Float32Array a channel. Integers are divided by 2^(bitDepth - 1), so that
 * full scale is [-1, 1); 8-bit samples are unsigned with their zero at 128.
 */
export function decodeSamples(
  view: DataView,
  { encoding, bitDepth }: SampleFormat,
  { nChannels, nSamples }: { nChannels: number; nSamples: number },
): Float32Array[] {
  const channels = Array.from({ length: nChannels }, () => new Float32Array(nSamples));
  const decode = encoding === 'float' ? FLOAT_DECODERS[bitDepth] : PCM_DECODERS[bitDepth];
  channels.forEach((channel, c) => {
    decode!(view, channel, { offset: (c * bitDepth) / 8, stride: (nChannels * bitDepth) / 8 });
  });
  return channels;
}

/** Reads the samples of one channel, of which the first lies at byte `offset` and each other `stride` bytes further. */
type Decoder = (view: DataView, out: Float32Array, place: { offset: number; stride: number }) => void;

const PCM_DECODERS: Record<number, Decoder> = {
  8: (view, out, { offset, stride }) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = (view.getUint8(at) - 128) / 0x80;
  },
  16: (view, out, { offset, stride }) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) {
      out[i] = view.getInt16(at, true) / 0x8000;
    }
  },
  24: (view, out, { offset, stride }) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) {
      out[i] = ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 0x800000;
    }
  },
  32: (view, out, { offset, stride }) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) {
      out[i] = view.getInt32(at, true) / 0x80000000;
    }
  },
};

const FLOAT_DECODERS: Record<number, Decoder> = {
  32: (view, out, { offset, stride }) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = view.getFloat32(at, true);
  },
  64: (view, out, { offset, stride }) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = view.getFloat64(at, true);
  },
};

/** The inverse: rounds to the nearest integer and clips to full scale; floating-point samples go as they are. */
export function encodeSamples(
  view: DataView,
  { encoding, bitDepth }: SampleFormat,
  channels: readonly Float32Array[],
): void {
  const write = encoding === 'float' ? FLOAT_WRITERS[bitDepth]! : PCM_WRITERS[bitDepth]!;
  const fullScale = 2 ** (bitDepth - 1);
  const stride = (channels.length * bitDepth) / 8;
  const { round } = Math; // a local: jest makes every look-up of a global slow
  channels.forEach((channel, c) => {
    for (let i = 0, at = (c * bitDepth) / 8; i < channel.length; i++, at += stride) {
      const sample = channel[i]!;
      write(view, at, encoding === 'float' ? sample : clip(round(sample * fullScale), fullScale));
    }
  });
}

function clip(value: number, fullScale: number): number {
  return value < -fullScale ? -fullScale : value < fullScale ? value : fullScale - 1;
}

type Writer = (view: DataView, offset: number, value: number) => void;

const PCM_WRITERS: Record<number, Writer> = {
  8: (view, offset, value) => view.setUint8(offset, value + 128),
  16: (view, offset, value) => view.setInt16(offset, value, true),
  24: (view, offset, value) => {
    view.setUint16(offset, value & 0xffff, true);
    view.setInt8(offset + 2, value >> 16);
  },
  32: (view, offset, value) => view.setInt32(offset, value, true),
};

const FLOAT_WRITERS: Record<number, Writer> = {
  32: (view, offset, value) => view.setFloat32(offset, value, true),
  64: (view, offset, value) => view.setFloat64(offset, value, true),
};
