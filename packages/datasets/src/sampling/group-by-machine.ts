import { compareText } from '@serial-oe/foundation';
import type { Clip } from '../clip';

/** The clips of one machine, sorted by path. */
export interface MachineGroup<C extends Clip> {
  machineType: string;
  machineId: string;
  clips: C[];
}

/**
 * Groups clips by machine type and ID. Groups and clips are sorted, so that a random draw from them depends on
 * which clips there are and not on the order in which a file system listed them.
 */
export function groupByMachine<C extends Clip>(clips: readonly C[]): MachineGroup<C>[] {
  const groups = new Map<string, MachineGroup<C>>();
  for (const clip of clips) {
    const { machineType, machineId } = clip;
    const key = JSON.stringify([machineType, machineId]);
    const group = groups.get(key) ?? { machineType, machineId, clips: [] };
    group.clips.push(clip);
    groups.set(key, group);
  }
  for (const group of groups.values()) group.clips.sort((a, b) => compareText(a.path, b.path));
  return [...groups.values()].sort(
    (a, b) => compareText(a.machineType, b.machineType) || compareText(a.machineId, b.machineId),
  );
}
