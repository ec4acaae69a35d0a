import type { DatasetCheck, DatasetProblem, MachineSummary } from '@serial-oe/datasets/node';
import { printableLine } from '@serial-oe/foundation';
import { type Column, textTable } from '../terminal/format';
import { fromHere } from '../terminal/from-here';

/** Files that the text names of each problem; the JSON has all. */
const N_NAMED = 5;

/** Whether it must be repaired. */
export function isError({ severity }: DatasetProblem): boolean {
  return severity === 'error';
}

/** A check of a data set as text, with a line of what each part was read as. */
export function checkText(
  { name, nClips, problems, machines }: DatasetCheck,
  readAs: readonly string[],
): string {
  const nErrors = problems.filter(isError).length;
  return [
    `${machineTable(machines)}\n${readAs.join('\n')}\n`,
    ...problems.flatMap(problemLines),
    `${problems.length > 0 ? '\n' : ''}${nClips} clips of ${name} checked: ${nErrors} error(s), ${problems.length - nErrors} warning(s)`,
    '',
  ].join('\n');
}

function machineTable(machines: readonly MachineSummary[]): string {
  const hasAnomaliesInTrain = machines.some(({ nTrainAnomalous }) => nTrainAnomalous > 0);
  const right = (title: string): Column => ({ title, align: 'right' });
  return textTable(
    [
      { title: 'type' },
      { title: 'ID' },
      right('train'),
      ...(hasAnomaliesInTrain ? [right('anomalous')] : []),
      right('test normal'),
      right('anomalous'),
      right('unreadable'),
      right('seconds'),
      right('Hz'),
      right('channels'),
    ],
    machines.map((machine) => [
      machine.machineType,
      machine.machineId,
      String(machine.nTrainNormal),
      ...(hasAnomaliesInTrain ? [String(machine.nTrainAnomalous)] : []),
      String(machine.nTestNormal),
      String(machine.nTestAnomalous),
      String(machine.nUnreadable),
      span(machine.seconds),
      machine.sampleRates.join(', '),
      machine.channels.join(', '),
    ]),
  );
}

function span(seconds: readonly [number, number] | null): string {
  if (seconds === null) return '-';
  const [least, most] = seconds.map((value) => value.toFixed(1));
  return least === most ? `${least}` : `${least}-${most}`;
}

function problemLines({ severity, message, paths, groups }: DatasetProblem): string[] {
  const named = groups?.map((group) => group.map(shorter).join(' = ')) ?? paths.map(shorter);
  const more = named.length - N_NAMED;
  return [
    `${severity}: ${message}`,
    ...named.slice(0, N_NAMED).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more, which --json names`] : []),
  ];
}

function shorter(path: string): string {
  return printableLine(fromHere(path));
}
