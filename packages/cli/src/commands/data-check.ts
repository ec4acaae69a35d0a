import { mergeDatasets } from '@serial-oe/datasets';
import { checkDataset, scanDataset } from '@serial-oe/datasets/node';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, numberFlag, switchFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { checkText, isError } from '../data-check/check-text';
import { readAsLines } from '../data-check/understood-text';
import { DATA, DATA_NOTE, QUIET } from '../flags/shared-flags';
import { printJson } from '../terminal/terminal';

const flags = {
  data: {
    ...DATA,
    text: 'More recordings, which are checked together with DIR; may be given more than once.',
  },
  expect: choiceFlag(
    ['dcase2020', 'none'],
    'Whether it must be DCASE2020 Task 2: its types and IDs, 16 kHz, mono. Default: by the name of the folder.',
  ),
  minSeconds: numberFlag('S', 'Shortest recording that can be used; default 2, the chunk of the presets.', {
    min: 0,
  }),
  json: switchFlag('Prints everything as JSON, every file named.'),
  quiet: QUIET,
};

const needed = 'at least one DIR or CSV is needed.';

const spec: CommandSpec<typeof flags> = {
  name: 'data check',
  summary: 'reads every recording and says what is wrong with a data set, and what cannot be done with it',
  usage: 'DIR|CSV ... [flags]',
  examples: [
    ['serial-oe data check recordings', 'before hours of training on them'],
    ['serial-oe data check dcase2020 --json > check.json', 'every file concerned'],
  ],
  flags,
  words: { min: 0, needed },
  notes: [
    'Errors must be repaired: files that cannot be read, no sound, the same recording in train and test or under two labels. ' +
      'Warnings say what to know: other formats, machines that are missing, experiments that need more clips. ' +
      'The exit code is 1 where there are errors.',
    DATA_NOTE,
  ],
  stopping: 'stopping',
};

export const command: Command<typeof flags> = { spec, run };

async function run({
  args,
  words,
  progress,
  signal,
  terminal,
}: CommandContext<typeof flags>): Promise<number> {
  const paths = [...words, ...args.data];
  if (paths.length === 0) throw new UsageError(needed);
  const scanned = paths.map((path) => scanDataset(path));
  const check = await checkDataset(mergeDatasets(scanned), {
    expected: args.expect,
    minSeconds: args.minSeconds,
    signal,
    onProgress: ({ nDone, nTotal }) => progress.update(`checking clip ${nDone}/${nTotal}`, nDone / nTotal),
  });
  progress.close();
  if (args.json) printJson(terminal, { ...check, layouts: scanned.map(({ layout }) => layout) });
  else terminal.out(checkText(check, readAsLines(scanned)));
  return check.problems.some(isError) ? EXIT.failure : EXIT.done;
}
