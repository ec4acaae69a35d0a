import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type EncodeWavOptions, encodeWav } from '../encode-wav';
import type { Audio } from '../waveform';

/**
 * Encodes audio and writes it as a WAV file, see `encodeWav`. The file is written under a temporary name beside its place
 * and then renamed, so nobody ever sees half of it.
 *
 * @throws what `encodeWav` throws for bad audio; the error of `node:fs` (with its `code`) where the file cannot be
 *   written, for example ENOENT for a folder that does not exist.
 * @example
 * await writeWav('clip.wav', { sampleRate: 16000, channels: [waveform] }, { bitDepth: 24 });
 */
export async function writeWav(
  path: string | URL,
  audio: Audio,
  options: EncodeWavOptions = {},
): Promise<void> {
  const bytes = encodeWav(audio, options);
  const target = path instanceof URL ? fileURLToPath(path) : path;
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}
