import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, switchFlag, textFlag } from '../command/flag';
import { runProgram } from '../command/run-program';
import { clearDemoFolder } from '../demo/demo-folder';
import { DEMO_FILES, demoSteps } from '../demo/demo-steps';
import { command as evaluate } from './evaluate';
import { command as synth } from './synth';
import { command as train } from './train';

const DEFAULT_FOLDER = 'serial-oe-demo';

const flags = {
  out: textFlag(
    'DIR',
    `Where to write; default ${DEFAULT_FOLDER}. New, empty, or of an earlier demo, which is replaced.`,
  ),
  quick: switchFlag('Fewer sounds and epochs: a third of the time, and figures of less worth.'),
  seed: integerFlag('N', 'Default 0; the same seed gives the same figures.', { min: 0 }),
};

const spec: CommandSpec<typeof flags> = {
  name: 'demo',
  summary: 'the whole way on synthetic sounds: writes them, trains, evaluates, writes a report',
  usage: '[flags]',
  examples: [
    ['serial-oe demo', 'about two minutes on two cores; then open serial-oe-demo/report.html'],
    ['serial-oe demo --quick --out first-look', 'a third of that'],
  ],
  flags,
  notes: [
    'It runs synth, train and evaluate and shows each command line, to be repeated with other flags or on recordings of your own. ' +
      'Ctrl-C stops it; the next demo starts over.',
  ],
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, terminal }: CommandContext<typeof flags>): Promise<number> {
  const folder = args.out ?? DEFAULT_FOLDER;
  const { startBackend } = await import('@serial-oe/runtime/node');
  await startBackend('wasm'); // what is not installed is told before sounds are written
  await clearDemoFolder(folder);
  const startedAt = performance.now();
  for (const { title, argv } of demoSteps(folder, { seed: args.seed ?? 0, isQuick: args.quick })) {
    progress.message(`\n== ${title}\n$ serial-oe ${argv.map(quoted).join(' ')}\n`);
    const stepStartedAt = performance.now();
    const code = await runProgram([synth, train, evaluate], argv, terminal); // each stops at Ctrl-C in its own way
    if (code !== EXIT.done) {
      progress.notice(`\nThe demo stopped: "serial-oe ${argv[0]}" ended with exit code ${code}.`);
      return code;
    }
    progress.message(`(${((performance.now() - stepStartedAt) / 1000).toFixed(0)} s)`);
  }
  const minutes = (performance.now() - startedAt) / 60_000;
  progress.message(`\nDone in ${minutes.toFixed(1)} minutes.`);
  const report = pathToFileURL(resolve(folder, DEMO_FILES.report));
  terminal.out(
    `The report, with what was missed and why, every test clip as a dot on an axis of severity, and ROC curves: ${report}\n`,
  );
  return EXIT.done;
}

/** A word of a command line, as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:,=@%+\\-]+$/.test(word) ? word : `"${word}"`;
}
