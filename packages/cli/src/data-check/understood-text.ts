import type { Clip } from '@serial-oe/datasets';
import type { ScannedDataset } from '@serial-oe/datasets/node';
import { textTable } from '../terminal/format';

/** Machines that are listed; the rest is counted. */
const N_LISTED = 60;

/** What data sets were read as, and how many clips of which label and split each machine has. */
export function understoodText(
  datasets: readonly Pick<ScannedDataset, 'name' | 'readAs' | 'clips'>[],
  clips: readonly Clip[],
): string {
  const rows = countMachines(clips);
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const table = textTable(
    [
      { title: 'type' },
      { title: 'ID' },
      right('train normal'),
      right('train anomalous'),
      right('test normal'),
      right('test anomalous'),
    ],
    rows.slice(0, N_LISTED),
  );
  const more = rows.length > N_LISTED ? `and ${rows.length - N_LISTED} more machines\n` : '';
  return `${readAsLines(datasets).join('\n')}\n${table}${more}`.trimEnd();
}

/** `sounds read as plain folders: 3 clips`, a line a data set. */
export function readAsLines(
  datasets: readonly Pick<ScannedDataset, 'name' | 'readAs' | 'clips'>[],
): string[] {
  return datasets.map(({ name, readAs, clips }) => {
    const nTypes = new Set(clips.map(({ machineType }) => machineType)).size;
    const nMachines = new Set(
      clips.map(({ machineType, machineId }) => JSON.stringify([machineType, machineId])),
    ).size;
    return `${name} read as ${readAs}: ${nTypes} machine type(s), ${nMachines} machine ID(s), ${clips.length} clips`;
  });
}

function countMachines(clips: readonly Clip[]): string[][] {
  const counts = new Map<string, { machine: [string, string]; n: Record<string, number> }>();
  for (const { machineType, machineId, split, label } of clips) {
    const key = JSON.stringify([machineType, machineId]);
    const found = counts.get(key) ?? { machine: [machineType, machineId], n: {} };
    const what = `${split} ${label}`;
    found.n[what] = (found.n[what] ?? 0) + 1;
    counts.set(key, found);
  }
  const columns = ['train normal', 'train anomaly', 'test normal', 'test anomaly'];
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { machine, n }]) => [...machine, ...columns.map((what) => String(n[what] ?? 0))]);
}
