import { readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ABOVE_ZERO, AT_LEAST_ZERO, COUNT, checkNumber } from '@serial-oe/foundation';

/** How long clips are kept. Without a limit: for ever. */
export interface Retention {
  /** Days after which a clip goes. */
  maxAgeDays?: number | undefined;
  /** Share of the disk that all clips may take, in (0, 1]; the oldest go. */
  maxDiskShare?: number | undefined;
  /** So many of each sensor stay, whatever their age; default 10. */
  keepPerSensor?: number | undefined;
}

interface Clip {
  path: string;
  sensor: string;
  time: number;
  nBytes: number;
}

const DEFAULT_KEPT = 10;
const DAY_MS = 86_400_000;
/** As EventClips names them. */
const NAME = /^\d{8}T\d{6}\.\d{3}Z_(.+?)(_severity-\d+)?\.wav$/;

/**
 * Deletes clips that are too old or too many, oldest first. Other files stay.
 * @returns paths of what went
 */
export async function pruneClips(folder: string, retention: Retention, now = Date.now()): Promise<string[]> {
  const { maxAgeDays, maxDiskShare, keepPerSensor = DEFAULT_KEPT } = retention;
  checkNumber('monitor.clips: keepPerSensor', keepPerSensor, COUNT);
  if (maxAgeDays !== undefined) checkNumber('monitor.clips: maxAgeDays', maxAgeDays, AT_LEAST_ZERO);
  if (maxDiskShare !== undefined) checkNumber('monitor.clips: maxDiskShare', maxDiskShare, ABOVE_ZERO);
  if (maxAgeDays === undefined && maxDiskShare === undefined) return [];
  const clips = await clipsOf(folder);
  const maxBytes =
    maxDiskShare === undefined ? Number.POSITIVE_INFINITY : maxDiskShare * (await diskBytes(folder));
  const kept = new Set(newestOfEach(clips, keepPerSensor));
  let nBytes = clips.reduce((sum, clip) => sum + clip.nBytes, 0);
  const gone: string[] = [];
  for (const clip of clips) {
    const isOld = maxAgeDays !== undefined && now - clip.time > maxAgeDays * DAY_MS;
    if (kept.has(clip) || !(isOld || nBytes > maxBytes)) continue;
    await rm(clip.path, { force: true });
    nBytes -= clip.nBytes;
    gone.push(clip.path);
  }
  return gone;
}

/** Oldest first. */
async function clipsOf(folder: string): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const sensor = NAME.exec(name)?.[1];
    if (sensor === undefined) continue;
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    clips.push({ path, sensor, time: mtimeMs, nBytes: size });
  }
  return clips;
}

function newestOfEach(clips: readonly Clip[], n: number): Clip[] {
  const newest = [...clips].reverse();
  return newest.filter(
    (clip, i) => newest.slice(0, i).filter(({ sensor }) => sensor === clip.sensor).length < n,
  );
}

async function diskBytes(folder: string): Promise<number> {
  const { blocks, bsize } = await statfs(folder);
  return blocks * bsize;
}
