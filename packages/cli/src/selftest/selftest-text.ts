import type { FaultKind } from '@serial-oe/datasets';
import type { MachineResult, SelftestCalibration, SelftestResult } from '@serial-oe/experiments';
import { percent, textTable } from '../terminal/format';

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
  const methods = tested.map(({ machine }) => machine.calibration.method);
  const table = textTable(
    [
      { title: 'smallest fault found' },
      ...tested.map(({ system }) => ({ title: system, align: 'right' as const })),
    ],
    [...rows, ['false alarms, held-out clips', ...falseAlarms], ['threshold', ...methods]],
  );
  const heading = `${result.machineType} ${machineId}, ${rateText(tested[0]!.machine)}: ${nTrain} normal clips to learn from, ${nHeldOut} held out`;
  return `${heading}\n${table}`;
}

/** `at one false alarm a day (1 in 8640 clips)`, or at the rate that was asked for. */
export function rateText({ calibration: { falseAlarmRate, clipsADay } }: MachineResult): string {
  const perDay = falseAlarmRate * clipsADay;
  if (Math.abs(perDay - 1) < 1e-9) return `at one false alarm a day (1 in ${clipsADay} clips)`;
  return `at ${percent(falseAlarmRate)} false alarms (${Number(perDay.toPrecision(2))} a day of ${clipsADay} clips)`;
}

function smallestText({ faults }: MachineResult, kind: FaultKind): string {
  const smallest = faults.find((each) => each.kind === kind)?.smallestFoundDb ?? null;
  return smallest === null ? 'not found' : `${smallest} dB`;
}

function legend(result: SelftestResult): string {
  const { severitiesDb, foundShare } = result;
  return [
    'Severity: power of what the fault changes, relative to the recording (of a speed drift, the share of the speed: -40 dB is 1 %). ' +
      `Tried from ${severitiesDb[0]} to ${severitiesDb.at(-1)} dB; found: ${percent(foundShare)} of the clips above the threshold, at this ` +
      'severity and every greater one.',
    ...thresholdNotes(result),
    'The faults are made up: this tells what a system can hear in these recordings, not that it will find a real one.\n',
  ].join('\n');
}

/** What the thresholds rest on, in sentences, of the methods that there are. */
export function thresholdNotes({ systems }: SelftestResult): string[] {
  const all = systems.flatMap(({ machines }) => machines.map(({ calibration }) => calibration));
  const of = (method: SelftestCalibration['method']) => all.filter((each) => each.method === method);
  const [first] = of('extrapolated');
  const counts = of('extrapolated').map(({ nClips }) => nClips);
  const range = [...new Set([Math.min(...counts), Math.max(...counts)])].join(' to ');
  return [
    ...(of('counted').length > 0
      ? [
          'Threshold "counted": as many of the normal clips as the rate says lie above it, scored by fits without them.',
        ]
      : []),
    ...(first === undefined
      ? []
      : [
          `Threshold "extrapolated": ${range} normal clips cannot show a rate of 1 in ${Math.round(1 / first.falseAlarmRate)}. It lies where so few ` +
            'false alarms are expected if the scores of normal clips are normally distributed, the higher the fewer clips there are ' +
            "(Student's t). More normal clips bring it down; real scores may have more outliers, and then more false alarms.",
        ]),
    ...(of('own').length > 0
      ? [
          'Threshold "own": the system\'s own, whatever the rate, because the machine has too few clips for another.',
        ]
      : []),
  ];
}

/** `bearingImpacts` as `bearing impacts`. */
export function kindText(kind: FaultKind): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
