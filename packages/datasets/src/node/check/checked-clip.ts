import type { Clip } from '../../clip';
import type { Machine } from './dataset-problem';
import type { ClipFacts } from './inspect-clip';

/** A clip that could be read, with what it is made of. */
export interface CheckedClip {
  clip: Clip;
  facts: ClipFacts;
}

export function pathsOf(checked: readonly CheckedClip[]): string[] {
  return checked.map(({ clip }) => clip.path);
}

/** The values that occur, the most frequent first. */
export function byFrequency<T>(values: readonly T[]): { value: T; count: number }[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

/** Lists by what `key` gives for each item, in the order in which the keys first occur. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** `fan 00, 02; pump 04` */
export function nameMachines(machines: readonly Machine[]): string {
  const byType = [...groupBy(machines, ({ machineType }) => machineType)];
  return byType
    .map(([type, ofType]) => `${type} ${ofType.map(({ machineId }) => machineId).join(', ')}`)
    .join('; ');
}
