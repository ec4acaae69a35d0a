import { relative } from 'node:path';
import { mergeDatasets } from '@serial-oe/datasets';
import {
  checkDataset,
  type DatasetCheck,
  type DatasetProblem,
  type MachineSummary,
  scanDataset,
} from '@serial-oe/datasets/node';
import { Arguments } from './arguments';
import { DATA_CHECK } from './commands/specs/data-specs';
import { type Column, textTable } from './format';
import { interruptSignal } from './interrupt';
import { ProgressLine, type Terminal } from './terminal';

/** Files that the text names of each problem; the JSON has all. */
const N_NAMED = 5;

/** `serial-oe data check`; returns the exit code. */
export async function runDataCheck(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(DATA_CHECK, argv);
  const paths = [...args.positionals, ...args.list('data')];
  if (paths.length === 0) throw args.usage('at least one DIR or CSV is needed.');
  const minSeconds = args.number('min-seconds');
  if (minSeconds !== undefined && minSeconds < 0)
    throw args.usage(`--min-seconds must be at least 0, got ${minSeconds}.`);
  const expected = args.oneOf('expect', ['dcase2020', 'none']);
  const dataset = mergeDatasets(paths.map((path) => scanDataset(path)));
  const progress = new ProgressLine(terminal, { isQuiet: args.has('quiet') });
  const { signal, release } = interruptSignal(() => progress.message('stopping'));
  try {
    const check = await checkDataset(dataset, {
      expected,
      minSeconds,
      signal,
      onProgress: ({ nDone, nTotal }) => progress.update(`checking clip ${nDone}/${nTotal}`, nDone / nTotal),
    });
    progress.close();
    terminal.out(args.has('json') ? `${JSON.stringify(check, null, 1)}\n` : asText(check));
    return check.problems.some(isError) ? 1 : 0;
  } finally {
    progress.close();
    release();
  }
}

function isError({ severity }: DatasetProblem): boolean {
  return severity === 'error';
}

function asText({ name, nClips, problems, machines }: DatasetCheck): string {
  const nErrors = problems.filter(isError).length;
  return [
    machineTable(machines),
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

/** From the working folder, where the file lies in it. */
function shorter(path: string): string {
  const fromHere = relative('', path);
  return fromHere.startsWith('..') ? path : fromHere;
}
