import type { Label } from '@serial-oe/datasets';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { QUIET } from '../flags/shared-flags';
import type { LabelSummary } from '../label/label-recordings';
import { printJson } from '../terminal/terminal';

const flags = {
  out: textFlag('OUT', 'Where sorted recordings go: OUT/TYPE/id_NN/anomaly and normal; default "labelled".'),
  machineType: textFlag('T', 'Type of the machine, a folder in OUT.'),
  machineId: textFlag('ID', 'The machine, where names of files and folders do not say it.'),
  only: textFlag('TEXT', 'Only recordings whose name holds TEXT, such as one sensor of a folder of events.'),
  copy: switchFlag(
    'Copies: the recordings stay where they are too. What was sorted already is not asked again.',
  ),
  player: textFlag(
    'COMMAND',
    'What plays a recording, to which the file is added, such as "aplay -q"; "none" for silence. Default: aplay, paplay, afplay, ffplay or play, whichever is installed.',
  ),
  label: choiceFlag(['anomaly', 'normal'], 'Sorts all recordings so, without asking.'),
  answers: switchFlag(
    'Reads answers from standard input, a line each (anomaly, normal, skip, back, quit), for scripts.',
  ),
  json: switchFlag('Prints the summary as JSON.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'label',
  summary: 'plays and shows recordings, asks what they are, and sorts them for finetune',
  usage: 'DIR [--out OUT] [--machine-type T] [--machine-id ID]',
  examples: [
    [
      'serial-oe label events --machine-type fan --machine-id 00',
      'goes through the clips that a monitor kept; a key each',
    ],
    ['serial-oe label yesterday --label anomaly --machine-type fan --copy', 'all of them, without asking'],
  ],
  flags,
  words: { min: 1, max: 1, needed: 'one DIR with recordings is needed.' },
  notes: [
    'Keys: a anomaly, n normal, s skip, r play again, b back (takes the last answer back), q quit. Skipped recordings come again the next time. ' +
      'Each recording is moved as a whole when its key is pressed: nothing is lost at a power cut.',
    '"serial-oe finetune --labelled OUT" and "calibrate --anomalies OUT --normals OUT" learn from them; "data check OUT" shows how they are read. ' +
      'NO_COLOR=1 shows the spectrogram in shades.',
  ],
  stopping: 'stopping; what is sorted stays sorted',
};

export const command: Command<typeof flags> = { spec, run };

async function run(context: CommandContext<typeof flags>): Promise<number> {
  const { args, words, progress, signal, terminal } = context;
  const folder = words[0]!;
  const { out = 'labelled', label } = args;
  const input = process.stdin;
  if (label !== undefined && args.answers) throw new UsageError('--answers goes without --label.');
  if (label === undefined && !args.answers && !input.isTTY) {
    throw new UsageError(
      'a terminal is needed to ask, and standard input is none. Pass --label anomaly or normal for all recordings, or --answers for a line each.',
    );
  }
  const { unsortedRecordings } = await import('../label/sorted-recordings');
  const { labelRecordings } = await import('../label/label-recordings');
  const { keyAnswers, lineAnswers } = await import('../label/answers');
  const { terminalListener } = await import('../label/terminal-listener');
  const { recordings, warnings } = unsortedRecordings(folder, { out, only: args.only });
  for (const warning of warnings) progress.warning(warning);
  const listener = terminalListener({
    terminal,
    progress,
    player: args.player,
    isAsking: label === undefined,
  });
  const place = { out, machineType: args.machineType, machineId: args.machineId, isCopying: args.copy };
  const answers = label !== undefined ? null : args.answers ? lineAnswers(input) : keyAnswers(input);
  try {
    const summary = await labelRecordings(recordings, { place, label, answers, listener, signal });
    if (args.json) printJson(terminal, { out, ...summary });
    else terminal.out(summaryText(summary, { out, label }));
    return summary.nFailed > 0 ? EXIT.failure : EXIT.done;
  } finally {
    listener.hush();
    answers?.close();
  }
}

function summaryText(
  { nAnomaly, nNormal, nSkipped, nSortedBefore, nFailed, nLeft }: LabelSummary,
  { out, label }: { out: string; label: Label | undefined },
): string {
  const parts = [
    `${nAnomaly} anomalies and ${nNormal} normal recordings sorted into ${out}`,
    ...(nSkipped > 0 ? [`${nSkipped} skipped`] : []),
    ...(nSortedBefore > 0 ? [`${nSortedBefore} sorted before`] : []),
    ...(nFailed > 0 ? [`${nFailed} could not be read`] : []),
    ...(nLeft > 0 && label === undefined ? [`${nLeft} left`] : []),
  ];
  return `${parts.join(', ')}\n`;
}
