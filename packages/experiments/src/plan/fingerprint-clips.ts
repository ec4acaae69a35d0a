import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { reasonOf } from '@serial-oe/runtime/node';
import { ExperimentError } from '../jobs/experiment-error';
import type { NamedClip } from '../jobs/job-types';

/** Bytes that are read from the middle of each file. */
const N_PROBED = 4096;
/** Files that are open at once. */
const N_OPEN = 16;

/**
 * Tells whether a file of the same name is still the same recording, without reading all of it: its size and 4 KB from its
 * middle, hashed. By clip name.
 *
 * @throws ExperimentError naming a clip that is no readable file
 */
export async function fingerprintClips(clips: readonly NamedClip[]): Promise<Map<string, string>> {
  const fingerprints = new Map<string, string>();
  const queue = clips.values();
  await Promise.all(
    Array.from({ length: N_OPEN }, async () => {
      for (const clip of queue) fingerprints.set(clip.name, await fingerprint(clip));
    }),
  );
  return fingerprints;
}

async function fingerprint({ path, waveform }: NamedClip): Promise<string> {
  if (waveform !== undefined) {
    throw new ExperimentError(
      `experiments.runExperiments: clips must be files, got ${path} in memory. Write them with writeWav first.`,
    );
  }
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(N_PROBED, size));
      await file.read(bytes, 0, bytes.length, Math.floor((size - bytes.length) / 2));
      return createHash('sha256').update(`${size}:`).update(bytes).digest('hex').slice(0, 16);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new ExperimentError(
      `experiments.runExperiments: every clip must be readable, got ${path}: ${reasonOf(cause)}. ` +
        'Check the path and the disk it is on, or leave the clip out.',
      { cause },
    );
  }
}
