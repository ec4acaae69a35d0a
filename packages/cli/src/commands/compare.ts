import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { BACKEND, DATA, DATA_NOTE, QUIET, RUNTIME, SCORE_WORKERS, THREADS } from '../flags/shared-flags';
import { readDatasets } from '../read-datasets';
import { printJson } from '../terminal/terminal';

const flags = {
  data: required(DATA),
  report: textFlag('FILE', 'Writes a self-contained HTML page with both side by side.'),
  json: switchFlag('Prints the comparison as JSON.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'compare',
  summary: 'measures two models on the same test clips',
  usage: '--data DIR MODEL MODEL',
  examples: [
    [
      'serial-oe compare --data sounds old-model new-model --report comparison.html',
      'the same as a page, with both side by side',
    ],
    [
      'serial-oe compare --data sounds old-model new-model',
      'is the new one better? with an interval of the difference',
    ],
  ],
  flags,
  words: { min: 2, max: 2, needed: 'two models are needed: MODEL MODEL.' },
  notes: [
    'The difference is that of aAUC, the second model minus the first, on the test clips of machines that both know; its interval is a paired bootstrap ' +
      'over the clips. Where it holds 0, neither is shown to be better.',
    DATA_NOTE,
  ],
  stopping: 'stopping after this clip',
};

export const command: Command<typeof flags> = { spec, run };

async function run({
  args,
  words,
  progress,
  signal,
  terminal,
}: CommandContext<typeof flags>): Promise<number> {
  const [first, second] = words as readonly [string, string];
  if (first === second) throw new UsageError(`two models are needed, got ${first} twice.`);
  const { loadModel } = await import('../model/load-model');
  const { evaluateModel } = await import('../evaluate/evaluate-model');
  const { checkWritable, createNodePlatform, writeFileAtomically } = await import(
    '@serial-oe/runtime/node/files'
  );
  const { compareModels, comparisonText } = await import('../compare/compare-models');
  const { report } = args;
  if (report !== undefined) await checkWritable(report); // minutes of scoring lie before it is written
  // Charts take a while to load.
  const draw =
    report === undefined ? null : (await import('../evaluation-report/strip-section')).stripSection;
  const dataset = readDatasets(args.data, progress);
  const { loadClip } = createNodePlatform();
  const measure = async (name: string) => {
    const model = await loadModel(name, {
      ...{ flags: args, signal, takesAllTypes: true },
      onWarning: (text) => progress.warning(text),
    });
    try {
      const { evaluation } = await evaluateModel(model, {
        ...{ dataset, baselines: [], maxFpr: undefined, loadClip, signal },
        onProgress: ({ nDone, nTotal }) => progress.update(`${name}: ${nDone}/${nTotal}`, nDone / nTotal),
      });
      return { name, evaluation, strip: draw?.(evaluation, model.scorer) ?? null };
    } finally {
      await model.close();
    }
  };
  const models = [await measure(first), await measure(second)] as const;
  const comparison = compareModels(models);
  if (report !== undefined) {
    const { comparisonReport } = await import('../compare/comparison-report');
    await writeFileAtomically(report, comparisonReport(comparison, models));
    progress.message(`report written to ${report}`);
  }
  progress.close();
  if (args.json) printJson(terminal, comparison);
  else terminal.out(comparisonText(comparison));
  return EXIT.done;
}
