import { AudioError } from '../audio-error';

/** What the decoders return, as far as it is used here. */
export interface DecoderResult {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
  errors: readonly { message: string }[];
}

/** A decoder of one file, as far as it is used here. */
export interface Decoder {
  ready: Promise<void>;
  free(): void | Promise<void>;
}

/** How a kind of file is read. */
export interface CompressedContext {
  /** Opens the messages. */
  caller: string;
  /** Reads what is left of a damaged recording, with a warning. */
  useAvailableLength: boolean;
}

/** What a compressed recording was decoded to. */
export interface Decoded {
  sampleRate: number;
  channels: Float32Array[];
  warnings: string[];
}

/**
 * Starts a decoder, lets it work and frees it. What it has to say is in its result, so its `console.error` is muted up to
 * its first await, before which all but that of Opus do their work.
 */
export async function decodeWith<D extends Decoder>(
  create: () => D,
  decode: (decoder: D) => DecoderResult | Promise<DecoderResult>,
): Promise<DecoderResult> {
  const decoder = create();
  await decoder.ready;
  const { error } = console;
  let result: DecoderResult | Promise<DecoderResult>;
  console.error = () => {};
  try {
    result = decode(decoder);
  } finally {
    console.error = error;
  }
  try {
    return await result;
  } finally {
    await decoder.free();
  }
}

/** A decoder that is used once need not get ready for another file, which takes as long as starting it. */
export function withoutReset<D extends { reset: () => Promise<void> }>(decoder: D): D {
  decoder.reset = async () => {};
  return decoder;
}

/** A damaged recording: an error, or where the rest of it is wanted, a warning. */
export function reportDamage(
  { caller, useAvailableLength }: CompressedContext,
  { kind, damage, nSamples }: { kind: string; damage: string; nSamples: number },
): string {
  if (nSamples === 0) {
    throw new AudioError(
      'damaged',
      `${caller}: ${kind} must hold audio, got ${damage}. Copy the file again.`,
    );
  }
  if (!useAvailableLength) {
    throw new AudioError(
      'damaged',
      `${caller}: ${kind} must be whole, got ${damage}. Copy the file again; the option useAvailableLength reads what is there.`,
    );
  }
  return `The ${kind} file is damaged: ${damage}. Read what is there.`;
}
