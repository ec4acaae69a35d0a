import { checkOptions, type OptionNames, show } from '@serial-oe/foundation';
import { isAllFinite } from './check-waveform';
import { findWavChunks, type WavChunks } from './wav-chunks';
import { WavError } from './wav-error';
import { parseWavFormat, type WavFormat } from './wav-format';
import { decodeSamples } from './wav-samples';
import type { Audio } from './waveform';

/** Options of {@link decodeWav}. */
export interface DecodeWavOptions {
  /**
   * Reads the whole samples that are there where the header lies about the length, was never completed (a streamed
   * recording) or the file is cut off inside its audio. Default false: each of these is an error.
   */
  useAvailableLength?: boolean;
}

const OPTIONS: OptionNames<DecodeWavOptions> = { useAvailableLength: true };

const CALLER = 'audio-features.decodeWav';

/** Writers count the RIFF header into its own size, or forget a pad byte: slips of this size hide no lost audio. */
const RIFF_SIZE_SLACK_BYTES = 9;

/**
 * Reads a WAV file: PCM of 8 (unsigned), 16, 24 or 32 bits, IEEE float of 32 or 64 bits, plain or
 * WAVE_FORMAT_EXTENSIBLE, any number of channels, RIFF or RF64/BW64. Other chunks are skipped.
 *
 * @param bytes the whole file.
 * @returns sample rate in Hz and one Float32Array a channel, `[nSamples]`. Integers are divided by 2^(bits - 1), so
 *   full scale is [-1, 1), as in torchaudio and libsndfile; floats come as stored.
 * @throws WavError with the field `problem`: not a WAV file, truncated, a header that lies about its length, a clip
 *   without samples, a compressed codec (named), a format that contradicts itself, NaN or infinity; TypeError where
 *   `bytes` is neither a Uint8Array nor an ArrayBuffer.
 * @example
 * const { sampleRate, channels } = decodeWav(new Uint8Array(await file.arrayBuffer()));
 */
export function decodeWav(bytes: Uint8Array | ArrayBufferLike, options: DecodeWavOptions = {}): Audio {
  checkOptions(CALLER, options, OPTIONS);
  const { useAvailableLength = false } = options;
  const view = toDataView(bytes);
  const chunks = findWavChunks(CALLER, view);
  const format = parseWavFormat(CALLER, chunks.format);
  const available = view.byteLength - chunks.dataOffset;
  const size = useAvailableLength
    ? availableSize(chunks, format, available)
    : checkedSize(chunks, format, view.byteLength);
  if (size === 0) {
    throw new WavError(
      'empty',
      `${CALLER}: a clip must hold at least one sample, got none. Leave the file out.`,
    );
  }
  const data = new DataView(view.buffer, view.byteOffset + chunks.dataOffset, size);
  const channels = decodeSamples(data, format, {
    nChannels: format.nChannels,
    nSamples: size / format.blockAlign,
  });
  if (format.encoding === 'float') checkFinite(channels);
  return { sampleRate: format.sampleRate, channels };
}

function toDataView(bytes: unknown): DataView {
  if (ArrayBuffer.isView(bytes)) return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = Object.prototype.toString.call(bytes); // unlike instanceof, it knows buffers of another realm
  if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]') {
    return new DataView(bytes as ArrayBuffer);
  }
  throw new TypeError(`${CALLER}: bytes must be a Uint8Array or an ArrayBuffer, got ${show(bytes)}.`);
}

function availableSize(chunks: WavChunks, { blockAlign }: WavFormat, available: number): number {
  const size = chunks.isLengthUnknown ? available : Math.min(chunks.statedSize, available);
  return size - (size % blockAlign);
}

function checkedSize(chunks: WavChunks, { blockAlign }: WavFormat, fileSize: number): number {
  const remedy = 'The option useAvailableLength reads what is there.';
  const { dataOffset, statedSize, statedFileSize } = chunks;
  if (chunks.isLengthUnknown) {
    throw new WavError(
      'unknown-length',
      `${CALLER}: the header must state the length of the audio, got ${statedSize} bytes, as streaming writers leave it. ${remedy}`,
    );
  }
  if (dataOffset + statedSize > fileSize) {
    throw new WavError(
      'length-mismatch',
      `${CALLER}: the data chunk must lie inside the file, got a header that states ${statedSize} bytes where ` +
        `${fileSize - dataOffset} follow. The file is cut off or its header is wrong. ${remedy}`,
    );
  }
  const isRiffTooLong = statedFileSize > fileSize + RIFF_SIZE_SLACK_BYTES;
  if (isRiffTooLong || statedFileSize + RIFF_SIZE_SLACK_BYTES < dataOffset + statedSize) {
    throw new WavError(
      'length-mismatch',
      `${CALLER}: the RIFF size must match the file, got a header that states ${statedFileSize} bytes for a file of ` +
        `${fileSize} with ${statedSize} bytes of audio at offset ${dataOffset}. ${remedy}`,
    );
  }
  if (statedSize % blockAlign !== 0) {
    throw new WavError(
      'length-mismatch',
      `${CALLER}: the audio must be a multiple of the block align of ${blockAlign} bytes, got ${statedSize}. ${remedy}`,
    );
  }
  return statedSize;
}

function checkFinite(channels: readonly Float32Array[]): void {
  channels.forEach((channel, c) => {
    if (isAllFinite(channel)) return;
    const index = channel.findIndex((sample) => !Number.isFinite(sample));
    throw new WavError(
      'not-finite',
      `${CALLER}: samples must be finite, got ${channel[index]} at index ${index} of channel ${c}. Leave the file out or repair it.`,
    );
  });
}
