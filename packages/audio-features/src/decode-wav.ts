import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import { isAllFinite } from './check-waveform';
import { toDataView } from './to-data-view';
import { findWavChunks, type WavChunks } from './wav-chunks';
import { WavError } from './wav-error';
import { parseWavFormat, type WavFormat } from './wav-format';
import { decodeSamples } from './wav-samples';
import type { Audio } from './waveform';

/** Options of {@link decodeWav}. */
export interface DecodeWavOptions {
  /**
   * Reads the whole samples that are there where the file is cut off inside its audio, with a warning. Default false: an
   * error, so that nothing is lost in silence. A streamed header and a few missing bytes are warnings either way.
   */
  useAvailableLength?: boolean;
}

const OPTIONS: OptionNames<DecodeWavOptions> = { useAvailableLength: true };

const CALLER = 'audio-features.decodeWav';

/** Slips of this size hide no lost sound: a cut byte, a pad byte or a header counted into the size. */
const SLACK_BYTES = 64;

/** What stands before the chunks; some writers state the size of the file, or of all behind this, as that of the audio. */
const RIFF_CHUNK_HEADER_BYTES = 8;

/**
 * Reads a WAV file: PCM of 8 (unsigned) to 32 bits, IEEE float of 32 or 64 bits, plain or WAVE_FORMAT_EXTENSIBLE, any number
 * of channels, RIFF or RF64/BW64. Other chunks are skipped, and so is the size that RIFF states for the whole file.
 *
 * A data size that a streaming writer left (0, 0xFFFFFFFF, 0x7FFFF000 and the like) is read to the end of the file; a last
 * incomplete sample is left out. Both are told in `warnings`.
 *
 * @param bytes the whole file.
 * @returns sample rate in Hz and one Float32Array a channel, `[nSamples]`. Integers are divided by 2^(bits - 1), so
 *   full scale is [-1, 1), as in torchaudio and libsndfile; floats come as stored. `warnings` where there are any.
 * @throws WavError with the field `problem`: not a WAV file but something else (named), truncated, cut off, a clip without
 *   samples, a compressed codec (named), a format that cannot be, NaN or infinity; TypeError where `bytes` is neither a
 *   Uint8Array nor an ArrayBuffer.
 * @example
 * const { sampleRate, channels } = decodeWav(new Uint8Array(await file.arrayBuffer()));
 */
export function decodeWav(bytes: Uint8Array | ArrayBufferLike, options: DecodeWavOptions = {}): Audio {
  checkOptions(CALLER, options, OPTIONS);
  const { useAvailableLength = false } = options;
  const view = toDataView(CALLER, bytes);
  const chunks = findWavChunks(CALLER, view);
  const format = parseWavFormat(CALLER, chunks.format);
  const { size, warnings } = audioSize(chunks, format, { fileSize: view.byteLength, useAvailableLength });
  if (size === 0) {
    throw new WavError(
      'empty',
      `${CALLER}: a clip must hold at least one sample, got none. Leave the file out.`,
    );
  }
  const data = new DataView(view.buffer, view.byteOffset + chunks.dataOffset, size);
  const channels = decodeSamples(data, format, {
    nChannels: format.nChannels,
    nSamples: size / format.frameBytes,
  });
  if (format.encoding === 'float') checkFinite(channels, format.bitDepth);
  const { sampleRate } = format;
  return warnings.length > 0 ? { sampleRate, channels, warnings } : { sampleRate, channels };
}

/** Bytes of whole samples to read, and what is to be said of the others. */
function audioSize(
  { dataOffset, statedSize, isStreamed }: WavChunks,
  { frameBytes, sampleRate }: WavFormat,
  { fileSize, useAvailableLength }: { fileSize: number; useAvailableLength: boolean },
): { size: number; warnings: string[] } {
  const available = fileSize - dataOffset;
  const missing = isStreamed ? 0 : Math.max(0, statedSize - available);
  const isSlip =
    missing <= Math.min(SLACK_BYTES, available) ||
    statedSize === fileSize ||
    statedSize === fileSize - RIFF_CHUNK_HEADER_BYTES;
  if (!isSlip && !useAvailableLength) {
    throw new WavError(
      'length-mismatch',
      `${CALLER}: the data chunk must lie inside the file, got a header that states ${statedSize} bytes where ` +
        `${available} follow. The file is cut off or its header is wrong: copy it again. ` +
        'The option useAvailableLength reads what is there.',
    );
  }
  const whole = isStreamed ? available : Math.min(statedSize, available);
  const size = whole - (whole % frameBytes);
  const seconds = Number((size / frameBytes / sampleRate).toFixed(3));
  const warnings: string[] = [];
  if (isStreamed) {
    warnings.push(
      `The header states ${statedSize} bytes of audio, as writers to a pipe leave it: read to the end of the file, ${seconds} s.`,
    );
  } else if (missing > 0) {
    warnings.push(
      `The header states ${statedSize} bytes of audio where ${available} follow: read what is there, ${seconds} s.`,
    );
  } else if (size < whole) {
    warnings.push(`The audio ends with ${whole - size} bytes of an incomplete sample, which were left out.`);
  }
  return { size, warnings };
}

function checkFinite(channels: readonly Float32Array[], bitDepth: number): void {
  const note = bitDepth === 64 ? ' (or a double beyond float32)' : '';
  channels.forEach((channel, c) => {
    if (isAllFinite(channel)) return;
    const index = channel.findIndex((sample) => !Number.isFinite(sample));
    throw new WavError(
      'not-finite',
      `${CALLER}: samples must be finite, got ${channel[index]} at index ${index} of channel ${c}${note}. Leave the file out or repair it.`,
    );
  });
}
