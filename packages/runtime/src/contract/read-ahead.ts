import type { Clip, ClipLoader } from '@serial-oe/datasets';

/** A clip with its samples. */
export interface ReadClip<C extends Clip> {
  clip: C;
  waveform: Float32Array;
  /** Hz. */
  sampleRate: number;
}

/** Reads clips in turn, each while the one before it is used. One that cannot be read rejects when its turn comes. */
export async function* readAhead<C extends Clip>(
  clips: readonly C[],
  loadClip: ClipLoader,
): AsyncGenerator<ReadClip<C>> {
  const request = (i: number) => {
    const clip = clips[i];
    if (clip === undefined) return null;
    const read = loadClip(clip).then((audio) => ({ clip, ...audio }));
    read.catch(() => {}); // reported where it is awaited, which may be never
    return read;
  };
  let next = request(0);
  for (let i = 0; next !== null; i++) {
    const current = next;
    next = request(i + 1);
    yield await current;
  }
}
