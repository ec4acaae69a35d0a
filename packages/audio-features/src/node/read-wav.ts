import { type DecodeWavOptions, decodeWav } from '../decode-wav';
import { WavError } from '../wav-error';
import type { Audio } from '../waveform';
import { readRegularFile } from './read-regular-file';

/**
 * Reads and decodes a WAV file, see `decodeWav`.
 *
 * @throws WavError, its message naming the path, for a file that cannot be decoded; the error of `node:fs` (with its
 *   `code`, such as ENOENT) for one that cannot be read.
 * @example
 * const { sampleRate, channels } = await readWav('clip.wav');
 */
export async function readWav(path: string | URL, options: DecodeWavOptions = {}): Promise<Audio> {
  const bytes = await readRegularFile(path);
  try {
    return decodeWav(bytes, options);
  } catch (cause) {
    if (!(cause instanceof WavError)) throw cause;
    throw new WavError(cause.problem, `${cause.message} File: ${String(path)}`, { cause });
  }
}
