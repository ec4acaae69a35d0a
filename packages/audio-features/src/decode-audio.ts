import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import { AudioError } from './audio-error';
import { isAllFinite } from './check-waveform';
import { decodeFlac } from './compressed/decode-flac';
import { decodeMp3 } from './compressed/decode-mp3';
import { decodeOgg } from './compressed/decode-ogg';
import type { Decoded } from './compressed/decoder';
import { decodeWav } from './decode-wav';
import { type Content, findContent } from './find-content';
import { isRecorderRate, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE } from './sample-rate-range';
import { toDataView } from './to-data-view';
import type { Audio } from './waveform';

/** Options of {@link decodeAudio}. */
export interface DecodeAudioOptions {
  /** Name of the file, without folders, for the commands that messages give. */
  fileName?: string;
  /** Reads what is left of a recording that was cut off or altered, with a warning. Default false: an error. */
  useAvailableLength?: boolean;
}

/** Decoded audio with what was wrong with its file; none where all is well. */
export interface DecodedAudio extends Audio {
  warnings: readonly string[];
}

const OPTIONS: OptionNames<DecodeAudioOptions> = { fileName: true, useAvailableLength: true };

const CALLER = 'audio-features.decodeAudio';

/**
 * Reads a recording of any kind that is read, told by its bytes, whatever its name: WAV (see {@link decodeWav}), FLAC, MP3,
 * Ogg Vorbis, Opus, FLAC in Ogg. For all but WAV an optional peer is imported: `@wasm-audio-decoders/flac`,
 * `mpg123-decoder`, `@wasm-audio-decoders/ogg-vorbis`, `ogg-opus-decoder`.
 *
 * FLAC of up to 24 bits gives the same samples as the WAV that it was made of; that nothing is lost or altered is checked by
 * the length and the MD5 that it states. MP3 is checked by its frames and the number of them in its header, Ogg by the
 * checksums and numbers of its pages.
 *
 * @param bytes the whole file.
 * @returns sample rate in Hz, one Float32Array a channel, `[nSamples]`, full scale = 1, and warnings.
 * @throws WavError for a WAV file that cannot be read; AudioError, its `problem` telling why, for another recording that
 *   cannot, a decoder that is not installed (with the command that installs it) and what is no recording: named by what it
 *   is, with what to do; TypeError where `bytes` is neither a Uint8Array nor an ArrayBuffer.
 * @example
 * const { sampleRate, channels, warnings } = await decodeAudio(await readFile('clip.flac'));
 */
export async function decodeAudio(
  bytes: Uint8Array | ArrayBufferLike,
  options: DecodeAudioOptions = {},
): Promise<DecodedAudio> {
  checkOptions(CALLER, options, OPTIONS);
  const { fileName, useAvailableLength = false } = options;
  const view = toDataView(CALLER, bytes);
  const content = findContent(view);
  if (content.kind === 'wav') return { warnings: [], ...decodeWav(bytes, { useAvailableLength }) };
  const all = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const decoded = await decodeCompressed(all, content, { fileName, useAvailableLength });
  checkDecoded(decoded, content);
  return decoded;
}

async function decodeCompressed(
  bytes: Uint8Array,
  { kind, start, description, remedy }: Content,
  { fileName, useAvailableLength }: { fileName: string | undefined; useAvailableLength: boolean },
): Promise<Decoded> {
  const context = { caller: CALLER, useAvailableLength };
  try {
    if (kind === 'flac') return await decodeFlac(bytes.subarray(start), 0, context);
    if (kind === 'mp3') return await decodeMp3(bytes, start, context);
    if (kind === 'ogg') return await decodeOgg(bytes.subarray(start), context);
  } catch (cause) {
    if (cause instanceof AudioError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AudioError(
      'damaged',
      `${CALLER}: ${description} must be whole, got an error of the decoder (${reason}). Copy the file again.`,
      { cause },
    );
  }
  throw new AudioError(
    kind === 'rifx' ? 'unsupported' : 'not-audio',
    `${CALLER}: the file must be WAV (RIFF), FLAC, MP3, Ogg Vorbis or Opus, got ${description}. ${remedy(fileName)}`,
  );
}

function checkDecoded({ sampleRate, channels }: Decoded, { description }: Content): void {
  if (!isRecorderRate(sampleRate)) {
    throw new AudioError(
      'bad-format',
      `${CALLER}: the sample rate must be ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} Hz, got ${sampleRate}. The header is damaged.`,
    );
  }
  if (channels.length === 0 || channels[0]!.length === 0) {
    throw new AudioError(
      'empty',
      `${CALLER}: ${description} must hold at least one sample, got none. Leave the file out.`,
    );
  }
  if (!channels.every(isAllFinite)) {
    throw new AudioError(
      'not-finite',
      `${CALLER}: samples must be finite, got NaN or infinity. Leave the file out.`,
    );
  }
}
