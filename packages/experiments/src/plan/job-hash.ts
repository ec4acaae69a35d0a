import { createHash } from 'node:crypto';
import { parseDcaseFileName } from '@serial-oe/datasets';
import type { NamedClip } from '../jobs/job-types';

const N_HASH_DIGITS = 12;

/** By Node's own SHA-256: a plan of a thousand jobs hashes gigabytes. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, N_HASH_DIGITS);
}

/** JSON with the fields of objects in alphabetical order, so that equal settings have equal texts. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What of a clip decides what is learned from it. */
export function clipText(clip: NamedClip, fingerprint: string | undefined): string {
  const { name, label, split, machineType, machineId } = clip;
  const machine = namesMachine(clip) ? [] : [machineType, machineId];
  return JSON.stringify([name, label, split, fingerprint, ...machine]);
}

/** Whether the name says the machine, as in DCASE2020's layout; a manifest may give the same file to another one. */
function namesMachine({ name, machineType, machineId }: NamedClip): boolean {
  const [type, split] = name.split('/').slice(-3);
  return (
    type === machineType &&
    (split === 'train' || split === 'test') &&
    parseDcaseFileName(name)?.machineId === machineId
  );
}
