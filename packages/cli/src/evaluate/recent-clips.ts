import type { ClipLoader } from '@serial-oe/datasets';

/** Clips that are kept: what reads them in step is never further apart. */
const N_KEPT = 8;

/** A loader for several who read the same clips in the same order side by side: each clip is read once for all of them. */
export function recentClips(loadClip: ClipLoader): ClipLoader {
  const kept = new Map<string, ReturnType<ClipLoader>>();
  return (clip) => {
    const known = kept.get(clip.path);
    if (known !== undefined) return known;
    const read = loadClip(clip);
    kept.set(clip.path, read);
    for (const oldest of kept.keys()) {
      if (kept.size <= N_KEPT) break;
      kept.delete(oldest);
    }
    return read;
  };
}
