import type { Clip } from '@serial-oe/datasets';
import type { NamedClip } from '../jobs/job-types';

/** Clips by their path below the deepest folder that holds all of them, with `/` between folders. */
export function nameClips(clips: readonly Clip[]): NamedClip[] {
  const folders = clips.map(({ path }) => path.split(/[\\/]/).slice(0, -1));
  const [first = [], ...others] = folders;
  let depth = first.length;
  for (const folder of others) {
    const common = first.slice(0, depth).findIndex((part, i) => folder[i] !== part);
    if (common >= 0) depth = common;
  }
  return clips.map((clip) => ({ ...clip, name: clip.path.split(/[\\/]/).slice(depth).join('/') }));
}
