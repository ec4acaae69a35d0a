import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AudioError } from '../audio-error';
import { type DecodeAudioOptions, type DecodedAudio, decodeAudio } from '../decode-audio';
import { WavError } from '../wav-error';
import { readRegularFile } from './read-regular-file';

/**
 * Reads and decodes a recording: WAV, FLAC, MP3, Ogg Vorbis or Opus, told by its bytes; see `decodeAudio`.
 *
 * @throws AudioError or WavError, its message naming the path, for a file that cannot be decoded; the error of `node:fs`
 *   (with its `code`, such as ENOENT) for one that cannot be read.
 * @example
 * const { sampleRate, channels, warnings } = await readAudio('clip.flac');
 */
export async function readAudio(
  path: string | URL,
  options: Omit<DecodeAudioOptions, 'fileName'> = {},
): Promise<DecodedAudio> {
  const bytes = await readRegularFile(path);
  const fileName = basename(path instanceof URL ? fileURLToPath(path) : path);
  try {
    return await decodeAudio(bytes, { ...options, fileName });
  } catch (cause) {
    if (!(cause instanceof AudioError)) throw cause;
    const message = `${cause.message} File: ${String(path)}`;
    if (cause instanceof WavError) throw new WavError(cause.problem, message, { cause });
    throw new AudioError(cause.problem, message, { cause });
  }
}
