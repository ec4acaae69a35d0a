import { withoutDates } from '../names/date-name';
import { isIdName } from '../names/machine-id';
import type { FolderRole } from './folder-roles';
import type { PlacedRecording } from './placed-recording';

/**
 * Takes folders of kinds of faults from the names of machines: below `nok`, what no normal recording has above it and what
 * is no ID is one (`nok/bearing` beside `ok`), unless another folder there names a machine.
 */
export function dropKindsOfFaults(read: readonly PlacedRecording[]): void {
  const machines = new Set(
    read.filter(({ facts }) => facts.label === 'normal').flatMap(({ levels }) => levels),
  );
  if (read.every(({ facts }) => facts.label !== 'normal')) return;
  const byFolder = new Map<string, PlacedRecording[]>();
  for (const each of read) {
    const at = labelAt(each.chain);
    if (at < 0 || each.levels.length === 0 || namesBelow(each, at).length === 0) continue;
    const key = each.file.path.slice(0, at).join('/');
    const group = byFolder.get(key);
    if (group) group.push(each);
    else byFolder.set(key, [each]);
  }
  for (const group of byFolder.values()) {
    const names = group.flatMap((each) => namesBelow(each, labelAt(each.chain)));
    if (names.some((name) => machines.has(name) || isIdName(name))) continue;
    for (const each of group) {
      each.levels = withoutDates(machinesOf(each.chain.slice(0, labelAt(each.chain) + 1)));
    }
  }
}

const labelAt = (chain: readonly FolderRole[]) => chain.findIndex(({ label }) => label === 'anomaly');

const machinesOf = (chain: readonly FolderRole[]) => chain.flatMap(({ machine }) => machine ?? []);

const namesBelow = ({ chain }: PlacedRecording, at: number) => withoutDates(machinesOf(chain.slice(at + 1)));
