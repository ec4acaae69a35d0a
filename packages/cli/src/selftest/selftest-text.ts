import type { FaultKind } from '@serial-oe/datasets';
import type { MachineResult, SelftestResult } from '@serial-oe/experiments';
import { textTable } from '../terminal/format';

/** The tables of a selftest, one a machine. */
export function selftestText(result: SelftestResult): string {
  const machineIds = [
    ...new Set(result.systems.flatMap(({ machines }) => machines.map(({ machineId }) => machineId))),
  ];
  const failures = result.systems.flatMap(({ system, failure }) =>
    failure === null ? [] : [`${system} could not be trained: ${failure}\n`],
  );
  return `${[...machineIds.map((id) => machineText(result, id)), legend(result), ...failures].join('\n')}`;
}

function machineText(result: SelftestResult, machineId: string): string {
  const tested = result.systems.flatMap(({ system, machines }) => {
    const machine = machines.find((each) => each.machineId === machineId);
    return machine === undefined ? [] : [{ system, machine }];
  });
  const { nTrain, nHeldOut } = tested[0]!.machine;
  const rows = result.kinds.map((kind) => [
    kindText(kind),
    ...tested.map(({ machine }) => smallestText(machine, kind)),
  ]);
  const falseAlarms = tested.map(({ machine }) => `${machine.nFalseAlarms} of ${machine.nHeldOut}`);
  const table = textTable(
    [
      { title: 'smallest fault found' },
      ...tested.map(({ system }) => ({ title: system, align: 'right' as const })),
    ],
    [...rows, ['false alarms', ...falseAlarms]],
  );
  return `${result.machineType} ${machineId}: ${nTrain} normal clips to learn from, ${nHeldOut} held out\n${table}`;
}

function smallestText({ faults }: MachineResult, kind: FaultKind): string {
  const smallest = faults.find((each) => each.kind === kind)?.smallestFoundDb ?? null;
  return smallest === null ? 'not found' : `${smallest} dB`;
}

function legend({ severitiesDb, foundShare, falseAlarmRate }: SelftestResult): string {
  return (
    `Severity: power of what the fault changes, relative to the recording (of a speed drift, the share of the speed: -40 dB is 1 %). ` +
    `Tried from ${severitiesDb[0]} to ${severitiesDb.at(-1)} dB; found: ${percent(foundShare)} of the clips above the threshold, at this ` +
    `severity and every greater one. Thresholds are set for ${percent(falseAlarmRate)} false alarms. ` +
    'The faults are made up: this tells what a system can hear in these recordings, not that it will find a real one.\n'
  );
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** `bearingImpacts` as `bearing impacts`. */
export function kindText(kind: FaultKind): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
