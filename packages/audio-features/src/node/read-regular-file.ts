import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { AudioError } from '../audio-error';

/** Windows has no O_NONBLOCK, and needs none. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants;

/**
 * The bytes of a file. A device or a pipe may have no end (`/dev/zero` fills every memory) or wait for ever, and is refused.
 *
 * @throws AudioError naming the path for what is neither a file nor a folder; the error of `node:fs` for what cannot be read
 */
export async function readRegularFile(path: string | URL): Promise<Uint8Array> {
  const file = await open(path, O_RDONLY | O_NONBLOCK); // a pipe without a writer would wait
  try {
    const stats = await file.stat();
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new AudioError(
        'not-audio',
        `audio-features.readAudio: a recording must be a file, got a ${stats.isFIFO() ? 'pipe' : 'device'}. Write the sound to a file first. File: ${String(path)}`,
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
