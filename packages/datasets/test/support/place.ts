import { placeRecordings } from '../../src/layout/place-recordings';

/** What a folder with these recordings is read as: a line a machine, `type ID: split label n, ..`, as it comes. */
export function place(rootName: string, files: readonly string[], machineType?: string) {
  const { clips, warnings, layout } = placeRecordings(
    files.map((file) => file.split('/')),
    {
      where: 'test',
      rootNames: rootName.split('/').reverse(),
      rootPath: `/${rootName}`,
      machineType,
      toPath: (names) => names.join('/'),
    },
  );
  const counts = new Map<string, Map<string, number>>();
  for (const { machineType: type, machineId, split, label } of clips) {
    const machine = `${type} ${machineId}`;
    const ofMachine = counts.get(machine) ?? new Map<string, number>();
    ofMachine.set(`${split} ${label}`, (ofMachine.get(`${split} ${label}`) ?? 0) + 1);
    counts.set(machine, ofMachine);
  }
  const machines = [...counts].map(
    ([machine, found]) =>
      `${machine}: ${[...found]
        .sort()
        .map(([what, n]) => `${what} ${n}`)
        .join(', ')}`,
  );
  return { machines: machines.sort(), warnings, layout, clips };
}
