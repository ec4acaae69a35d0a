import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Clip } from '@serial-oe/datasets';
import type { CardData, Target } from '@serial-oe/runtime/contract';
import { isOfType } from '../model/machine-names';

const SEPARATOR = /[\\/]/;

export interface DescribeDataOptions {
  /** Clips of others are outliers; 'all': there are none but for the types that `machineTypes` leaves out. */
  machineType: string;
  machineTypes?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
}

/** The recordings by folder and use, each folder with a checksum of what is in its files. */
export async function describeData(
  clips: readonly Clip[],
  { signal, ...target }: DescribeDataOptions,
): Promise<CardData[]> {
  const nCommon = commonDepth(clips.map(({ path }) => foldersOf(path)));
  const groups = new Map<string, Clip[]>();
  for (const clip of clips) {
    const key = [foldersOf(clip.path).join('/'), clip.machineType, useOf(clip, target)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), clip]);
  }
  const described: CardData[] = [];
  for (const group of groups.values()) {
    const [first] = group as [Clip];
    described.push({
      folder: foldersOf(first.path).slice(nCommon).join('/') || '.',
      machineType: first.machineType,
      machineIds: [...new Set(group.map(({ machineId }) => machineId))].sort(),
      use: useOf(first, target),
      nClips: group.length,
      sha256: await listingChecksum(group, signal),
    });
  }
  return described;
}

function useOf(
  clip: Clip,
  { machineType, machineTypes = [clip.machineType] }: Pick<Target, 'machineType' | 'machineTypes'>,
): CardData['use'] {
  if (clip.label === 'anomaly') return 'known anomalies';
  const isWatched = isOfType(clip, machineType) && machineTypes.includes(clip.machineType);
  return isWatched ? 'normal' : 'outliers';
}

function foldersOf(path: string): string[] {
  return path.split(SEPARATOR).slice(0, -1);
}

/** Folders that all paths begin with, but for the last one of each. */
function commonDepth(paths: readonly string[][]): number {
  const [first = []] = paths;
  const shortest = Math.min(...paths.map(({ length }) => length));
  const differs = first.findIndex((name, i) => paths.some((path) => path[i] !== name));
  return Math.max(0, Math.min(differs < 0 ? first.length : differs, shortest - 1));
}

/** Of what `sha256sum *` prints in the folder; null where a clip is in no file of its own. */
async function listingChecksum(clips: readonly Clip[], signal?: AbortSignal): Promise<string | null> {
  const lines: string[] = [];
  for (const { path, waveform } of clips) {
    signal?.throwIfAborted();
    if (waveform !== undefined) return null;
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(path), hash);
    } catch {
      return null; // the training has read it in some other way
    }
    lines.push(`${hash.digest('hex')}  ${path.split(SEPARATOR).at(-1)}\n`);
  }
  const names = lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return createHash('sha256').update(names.join('')).digest('hex');
}
